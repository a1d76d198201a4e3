/** How weights may be held. */
export type Dtype = 'f32' | 'f16' | 'q8' | 'q4';

/** How a matrix's weights may be stored as integers. */
export type QuantisedDtype = 'q8' | 'q4';
