// What the host writes into memory before a pass: pointers are byte addresses, strides count floats.
// scripts/generate-kernel-layouts.mjs tells the host their offsets.
// C is the width of the residual stream, A = NH · HS that of all queries, K = NKV · HS that of all keys.

/** A low-rank pair on rows of a matrix, see adapter.ts. */
@unmanaged
export class Pair {
  next: usize; // 0, or another pair on the same matrix
  inputs: i32; // of the matrix, padded to a multiple of 4
  rank: i32; // padded to a multiple of 4
  product: i32; // where its part of a token's products begins
  firstBlock: i32; // of the matrix's blocks that it reaches
  lastBlock: i32; // exclusive
  a: usize; // (rank / 4, inputs / 4, 4, 4): of four inputs at a time, those of four rows
  b: usize; // (blocks, rank, 16), scaled
}

/** One matrix (rows, K), packed in blocks of BLOCK_ROWS, see pack.ts. */
@unmanaged
export class Linear {
  weights: usize;
  bias: usize; // (rows padded to 16) f32
  blocks: i32; // ceil(rows / 16)
  K: i32; // inputs, padded to a multiple of `group` (q8, q4) or of 4 (f32)
  group: i32; // inputs that share one scale: 128, 64 or 32; 0 in f32
  adapter: usize; // 0, or the first Pair that the job's adapter has on it
}

/** One block. A norm whose weight is 0 is not there. */
@unmanaged
export class Layer {
  norm1Weight: usize;
  norm1Bias: usize;
  qkv: Linear; // C -> A + 2K, or C -> 3C in a convolution
  projection: Linear; // A -> C, or C -> C in a convolution
  norm2Weight: usize;
  norm2Bias: usize;
  up: Linear; // C -> nInner, or C -> 2 innerStride: gate, then up
  down: Linear; // nInner -> C
  window: i32; // 0: all positions
  attentionScale: f32;
  outputNorm1Weight: usize;
  outputNorm1Bias: usize;
  outputNorm2Weight: usize;
  outputNorm2Bias: usize;
  queryNorm: usize; // (HS), or (A) where they are joint
  keyNorm: usize; // (HS), or (K) where they are joint
  rotary: usize; // 0, or (T, rotarySize): cos and sin of each pair
  rotarySize: i32;
  kernel: usize; // 0: attention; a convolution's (convolutionSize, C), the oldest position first
  kernelBias: usize;
  // Its part of a slot, see attention-bytes.ts and attention-f32.ts.
  cache: usize; // where it begins, in bytes
  positions: i32; // how many it has room for, a multiple of 16
  base: i32; // which one is its first, a multiple of 16
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
  probabilities: usize; // 0, or where to leave the attention of one layer (NH, T, probabilitiesStride)
  probabilitiesStride: i32;
  // Threads.
  threads: i32;
  taken: i32; // tokens, or heads, that threads have taken since the last barrier, see part.ts
  barrierCount: i32;
  barrierGeneration: i32;
  sleepers: i32;
  jobGeneration: i32;
  quit: i32;
  ready: i32;
  // The model.
  dividedTokens: i32; // from how many tokens on threads take parts of them, instead of dividing columns
  leastTokens: i32; // that such a part has, unless there are no more
  partTokens: i32; // most tokens of a part
  relaxed: i32; // whether the f32 kernels may use relaxed multiply-add
  C: i32;
  V: i32;
  NH: i32;
  NKV: i32;
  HS: i32;
  nInner: i32;
  activation: i32; // ACTIVATION_…
  postNorm: i32;
  epsilon: f32;
  layers: usize; // Layer pointers
  tokenEmbedding: Linear;
  positionEmbedding: usize; // 0: positions are not learned
  finalNormWeight: usize; // 0: no last norm
  finalNormBias: usize;
  head: Linear;
  // What only families after the papers have, see FAMILIES in dtype.ts.
  rms: i32; // whether norms divide by the root mean square only
  parallelBlock: i32;
  gated: i32;
  jointNorm: i32; // whether queries and keys are normalised over all heads together
  convolutionSize: i32;
  embeddingScale: f32;
  logitScale: f32;
  logitCap: f32; // 0: none
  attentionCap: f32; // 0: none
  // Buffers; the padding of every row stays zero.
  tokens: usize; // (T) i32
  sequencePositions: usize; // (T) i32: how many tokens of its own sequence stand before a token in this pass; 0 begins a sequence
  wantedRows: usize; // (wantedCount) i32: the tokens, in order, of which more than keys and values is wanted
  x: usize; // (T, C) residual stream
  cStride: i32;
  qkv: usize; // (T, A + 2K), or (T, 3C)
  qkvStride: i32;
  attention: usize; // (T, A)
  attentionStride: i32;
  convolved: usize; // (T, C)
  inner: usize; // (threads, partTokens, nInner), not activated yet, or (threads, partTokens, 2, nInner)
  innerBytes: usize; // from one thread's to the next
  innerStride: i32; // from the gate to what it lets through, where there are both
  innerRowStride: i32;
  logits: usize; // (headCount, V)
  logitsStride: i32;
  normed: usize; // (T, C), what the last norm left, or a sub-layer before its norm
  // The job's adapter.
  products: usize; // (threads, tokens of a part, productStride), a · x of the pairs on one matrix
  productBytes: usize; // from one thread's to the next
  productStride: i32;
  // One area per thread, which begins with its Part, see part.ts.
  areas: usize;
  areaBytes: usize;
  operandOffset: usize; // packed activations, see operand.ts
  operandScaleOffset: usize; // (T) f32
  operandSumOffset: usize; // (T/4, K/group, 4) i32 sums of groups, or (K/group) i32
  normedOffset: usize; // (C) f32, one token on its way into an operand
  activatedOffset: usize; // (nInner) f32, the same of the feed-forward layer
  headOffset: usize; // (HS padded to 16) integers or outputs, up to four bytes each, then as many f32 whose padding is zero
  queryRowsOffset: usize; // (ATTENTION_ROWS, ATTENTION_ROW_BYTES)
  queryOffset: usize; // (ATTENTION_ROWS, HS padded to 16) i8 or i16
  outputsOffset: usize; // (ATTENTION_ROWS, HS padded to 16) f32
  scoresOffset: usize; // (2, ATTENTION_POSITIONS) f32, then as many bytes for weights
  wideOffset: usize; // (2, ATTENTION_POSITIONS, HS padded to 16) i16
  rowOffset: usize; // (K) i16, one token's activations on their way into a tile; or (6, 8) f32, sums of a product
}
