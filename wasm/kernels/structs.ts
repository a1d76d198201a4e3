// What the host writes into memory before a pass: pointers are byte addresses, strides count floats.
// scripts/generate-kernel-layouts.mjs tells the host their offsets.

/** One matrix (rows, K), packed in blocks of BLOCK_ROWS, see pack.ts. */
@unmanaged
export class Linear {
  weights: usize;
  bias: usize; // (rows padded to 16) f32
  blocks: i32; // ceil(rows / 16)
  K: i32; // inputs, padded to a multiple of `group` (q8, q4) or of 4 (f32)
  group: i32; // inputs that share one scale: 128, 64 or 32; 0 in f32
}

/** One transformer block. */
@unmanaged
export class Layer {
  norm1Weight: usize;
  norm1Bias: usize;
  qkv: Linear; // C -> 3C
  projection: Linear; // C -> C
  norm2Weight: usize;
  norm2Bias: usize;
  up: Linear; // C -> nInner
  down: Linear; // nInner -> C
  window: i32; // 0: all positions
  attentionScale: f32;
}

@unmanaged
export class Model {
  // The job of this pass.
  stages: i32; // bits, STAGE_…
  T: i32;
  position: i32;
  firstLayer: i32;
  lastLayer: i32; // exclusive
  headFirst: i32; // first token and number of tokens that the hidden and logits stages read
  headCount: i32;
  wantedCount: i32; // how many `wantedRows` there are
  kv: usize; // the slot's key-value cache
  probabilities: usize; // 0, or where to leave the attention of one layer (NH, T, contextStride)
  // Threads.
  threads: i32;
  barrierCount: i32;
  barrierGeneration: i32;
  sleepers: i32;
  jobGeneration: i32;
  quit: i32;
  ready: i32;
  // The model.
  relaxed: i32; // whether the f32 kernels may use relaxed multiply-add
  C: i32;
  V: i32;
  NH: i32;
  HS: i32;
  nInner: i32;
  activation: i32; // ACTIVATION_…
  postNorm: i32;
  epsilon: f32;
  layers: usize; // Layer pointers
  tokenEmbedding: Linear;
  positionEmbedding: usize;
  finalNormWeight: usize; // 0: no last norm
  finalNormBias: usize;
  head: Linear;
  // Key-value cache: bytes from one layer or head to the next, and where values and scales start in a layer.
  kvLayerBytes: usize;
  keyHeadBytes: usize;
  valueHeadBytes: usize;
  valueOffset: usize;
  keyScaleOffset: usize;
  valueScaleOffset: usize;
  scaleHeadBytes: usize;
  // Buffers; the padding of every row stays zero.
  tokens: usize; // (T) i32
  sequencePositions: usize; // (T) i32: how many tokens of its own sequence stand before a token in this pass; 0 begins a sequence
  wantedRows: usize; // (wantedCount) i32: the tokens, in order, of which more than keys and values is wanted
  x: usize; // (T, C) residual stream
  cStride: i32;
  qkv: usize; // (T, 3C)
  qkvStride: i32;
  attention: usize; // (T, C)
  inner: usize; // (T, nInner), not activated yet
  innerStride: i32;
  logits: usize; // (headCount, V)
  logitsStride: i32;
  normed: usize; // (T, C), what the last norm left
  contextStride: i32; // nCtx padded to 16, also what a head of the cache has room for
  // One area per thread; the first one's operand area is shared by all when T > 1.
  areas: usize;
  areaBytes: usize;
  operandOffset: usize; // packed activations, see operand.ts
  operandScaleOffset: usize; // (T) f32
  operandSumOffset: usize; // (T/4, K/group, 4) i32 sums of groups, or (K/group) i32
  normedOffset: usize; // (C) f32, one token on its way into an operand
  activatedOffset: usize; // (nInner) f32, the same of the feed-forward layer
  scoresOffset: usize; // (nCtx) f32
  weightsOffset: usize; // (nCtx/16, 36 bytes)
  queryOffset: usize; // (HS padded to 16, 8 bytes)
  rowOffset: usize; // (K) i16, one token's activations on their way into a tile; or (6, 8) f32, sums of a product
}
