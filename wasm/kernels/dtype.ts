export const F32: i32 = 0;
export const Q8: i32 = 1;
export const Q4: i32 = 2;

/** What the weights are held in. Each has a module of its own: scripts/build-wasm.mjs compiles these sources once for each value. */
export const DTYPE: i32 = Q8;
