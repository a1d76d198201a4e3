// What the kernels and their host agree on besides structs.ts: scripts/generate-kernel-layouts.mjs copies both files into
// sdk/backends/wasm/layouts.gen.ts.

/** Bits of a job's `stages`. */
export const STAGE_EMBED: i32 = 1;
export const STAGE_LAYERS: i32 = 2;
/** The norm after the last layer. */
export const STAGE_HIDDEN: i32 = 4;
export const STAGE_LOGITS: i32 = 8;
/** Only the wanted rows leave the last of these layers. */
export const STAGE_WANTED: i32 = 16;

/** Values of `activation`. */
export const ACTIVATION_GELU_NEW: i32 = 0;
export const ACTIVATION_GELU: i32 = 1;
export const ACTIVATION_RELU: i32 = 2;
export const ACTIVATION_SILU: i32 = 3;
export const ACTIVATION_TANH: i32 = 4;

/** Rows of a packed matrix that lie in one block. */
export const BLOCK_ROWS: i32 = 16;
/** Bytes of the scales behind each group of a block: one bf16 a row. */
export const BLOCK_SCALE_BYTES: i32 = 32;
/** Bytes of the sums behind them in q8: one i16 a row. */
export const BLOCK_SUM_BYTES: i32 = 32;
/** Bytes that packing floats needs beside them: masks, largest values, a tile of 16 rows and 128 inputs. */
export const PACK_SCRATCH_BYTES: i32 = 8320;

/** Most queries that go through keys and values together. */
export const ATTENTION_ROWS: i32 = 32;
/** Bytes of what is known of one of them, see attention-row.ts. */
export const ATTENTION_ROW_BYTES: i32 = 48;
/** Positions whose keys and values they take at once: those stay in the first-level cache. */
export const ATTENTION_POSITIONS: i32 = 64;
