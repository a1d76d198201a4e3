export const F32: i32 = 0;
export const Q8: i32 = 1;
export const Q4: i32 = 2;

// These sources become several modules: scripts/build-wasm.mjs compiles them once for each value of these constants that
// scripts/packaging/wasm-modules.mjs lists.

/** What the weights are held in. */
export const DTYPE: i32 = Q8;
/** Whether q8 multiplies by byte products, which not every machine has in an exact form. */
export const BYTE_DOTS: bool = false;
/** Whether there is what families after the papers' need: RMS norms, rotary positions, grouped queries, gates, convolutions, caps. */
export const FAMILIES: bool = true;
