export const F32: i32 = 0;
export const Q8: i32 = 1;
export const Q4: i32 = 2;

// These sources become several modules: scripts/build-wasm.mjs compiles them once for each value of these constants that
// scripts/packaging/wasm-modules.mjs lists.

/** What the weights are held in. */
export const DTYPE: i32 = Q8;
/** Whether four bytes are multiplied and added in one instruction, which not every machine has. */
export const BYTE_DOTS: bool = false;
/** Whether q8 takes three for that, as x86 without VNNI needs anyway, and q4 two; without either, bytes are widened to 16 bits. */
export const BYTE_PAIRS: bool = false;
/** Whether activations that meet quantised weights are bytes. */
export const BYTES: bool = DTYPE != F32 && (BYTE_DOTS || BYTE_PAIRS);
/** Whether there is what families after the papers' need: RMS norms, rotary positions, grouped queries, gates, convolutions, caps. */
export const FAMILIES: bool = true;
