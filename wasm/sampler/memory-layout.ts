// Where everything lies in the sampler's memory. All calls are synchronous, so one set of buffers serves
// every sampler of the instance. V = vocabulary, padded to whole blocks of BLOCK with -Infinity.

/** Entries per block: the unit of the SIMD loops and of the block maxima. */
export const BLOCK: i32 = 64;

/** Entries in a row of logits. */
export let vocabSize: i32 = 0;
/** vocabSize rounded up to whole blocks. */
export let paddedSize: i32 = 0;

/** Cleaned logits as the model gave them, f32 (V). */
export let rawBuffer: usize = 0;
/** Logits after bias, penalties, bans and mask, f32 (V). */
export let scoreBuffer: usize = 0;
/** exp of the scaled scores, whole row, f32 (V); the place of a distribution too. */
export let rowBuffer: usize = 0;
/** Candidates that are left: ids u32, scaled scores f32, weights f32 (exp of the scaled scores). */
export let candidateIds: usize = 0;
export let candidateScores: usize = 0;
export let candidateWeights: usize = 0;
/** Scratch of the threshold selection: keys and weights, f32 (V) each. */
export let activeKeys: usize = 0;
export let activeWeights: usize = 0;
/** Keys of the typical filter, weights of one of the top-k filter, f32 (V). */
export let auxiliary: usize = 0;
/** Maximum of every block, f32 (V / BLOCK). */
export let blockMaxima: usize = 0;
/** Occurrences of every token in the history, u32 (V); all zero between calls. */
export let occurrences: usize = 0;
/** One bit per token, u32 (V / 32). */
export let maskBuffer: usize = 0;
/** Token ids of the history, u32. */
export let historyBuffer: usize = 0;
/** Bias and bans: ids u32 and what is added, f32. */
export let editIds: usize = 0;
export let editValues: usize = 0;

let historyCapacity: i32 = 0;
let editCapacity: i32 = 0;
let top: usize = 0;

function take(bytes: usize): usize {
  const at = top;
  top = (top + bytes + 15) & ~15;
  return at;
}

/** Lays the buffers out for a row of `vocab` logits; keeps the present layout where it fits. */
export function reserve(vocab: i32, historyLength: i32, editCount: i32): void {
  if (vocab == vocabSize && historyLength <= historyCapacity && editCount <= editCapacity) return;
  vocabSize = vocab;
  paddedSize = (vocab + BLOCK - 1) & ~(BLOCK - 1);
  // Room to spare, so that a growing history does not move everything at each token.
  historyCapacity = max(historyCapacity, historyLength + 1024);
  editCapacity = max(editCapacity, editCount + 64);
  const row = <usize>paddedSize << 2;
  top = (__heap_base + 15) & ~15;
  rawBuffer = take(row);
  scoreBuffer = take(row);
  rowBuffer = take(row);
  candidateIds = take(row);
  candidateScores = take(row);
  candidateWeights = take(row);
  activeKeys = take(row);
  activeWeights = take(row);
  auxiliary = take(row);
  blockMaxima = take(<usize>(paddedSize / BLOCK + 4) << 2);
  occurrences = take(row);
  maskBuffer = take(<usize>paddedSize >> 3);
  historyBuffer = take(<usize>historyCapacity << 2);
  editIds = take(<usize>editCapacity << 2);
  editValues = take(<usize>editCapacity << 2);
  const missing = <i32>((top + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  memory.fill(occurrences, 0, row);
}
