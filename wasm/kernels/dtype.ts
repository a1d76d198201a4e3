export const F32: i32 = 0;
export const Q8: i32 = 1;
export const Q4: i32 = 2;

// Each dtype has a module of its own, q8 has two: scripts/build-wasm.mjs compiles these sources once for each.

/** What the weights are held in. */
export const DTYPE: i32 = Q8;
/** Whether q8 multiplies by byte products, which not every machine has in an exact form. */
export const BYTE_DOTS: bool = false;
