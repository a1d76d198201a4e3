// What changes single scores before the distribution is formed. The hub's order: bias, repetition penalty
// (then presence and frequency, which the hub has not), no-repeat n-grams, bans, mask.

import { editIds, editValues, historyBuffer, maskBuffer, occurrences, paddedSize, scoreBuffer, vocabSize } from './memory-layout';

const NEGATIVE_INFINITY: f32 = -Infinity;

// @ts-ignore: decorator
@inline
function historyAt(i: i32): i32 {
  return load<i32>(historyBuffer + (<usize>i << 2));
}

/** An infinite score would make the distribution NaN; bans stay bans. */
// @ts-ignore: decorator
@inline
function finite(score: f32): f32 {
  return min(score, f32.MAX_VALUE);
}

/** Adds the first `count` edits; a ban is an edit of -Infinity. */
export function applyEdits(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = scoreBuffer + (load<u32>(editIds + (i << 2)) << 2);
    store<f32>(at, load<f32>(at) + load<f32>(editValues + (i << 2)));
  }
}

/** Index of the first id of the history that is outside the vocabulary, or -1. */
export function findForeign(length: i32): i32 {
  for (let i = 0; i < length; i++) if (<u32>historyAt(i) >= <u32>vocabSize) return i;
  return -1;
}

/** Once per distinct token of the history, prompt and generated: positive scores divided, negative multiplied. */
export function penalizeRepetition(length: i32, penalty: f32): void {
  for (let i = 0; i < length; i++) {
    const offset = <usize>historyAt(i) << 2;
    if (load<u32>(occurrences + offset)) continue;
    store<u32>(occurrences + offset, 1);
    const score = load<f32>(scoreBuffer + offset);
    store<f32>(scoreBuffer + offset, finite(score < 0 ? score * penalty : score / penalty));
  }
  for (let i = 0; i < length; i++) store<u32>(occurrences + (<usize>historyAt(i) << 2), 0);
}

/** Tokens generated so far, from index `start` of the history: -(presence + count * frequency). */
export function penalizeGenerated(start: i32, length: i32, presence: f64, frequency: f64): void {
  for (let i = start; i < length; i++) {
    const at = occurrences + (<usize>historyAt(i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let i = start; i < length; i++) {
    const offset = <usize>historyAt(i) << 2;
    const count = load<u32>(occurrences + offset);
    if (count == 0) continue;
    store<u32>(occurrences + offset, 0);
    store<f32>(scoreBuffer + offset, finite(<f32>(<f64>load<f32>(scoreBuffer + offset) - presence - frequency * <f64>count)));
  }
}

/** Bans every token that would complete an n-gram of `size` that the history already holds. */
export function banRepeatedNgrams(length: i32, size: i32): void {
  const tail = length - size + 1;
  if (tail < 0) return;
  for (let start = 0; start < tail; start++) {
    let same = 0;
    while (same < size - 1 && historyAt(start + same) == historyAt(tail + same)) same++;
    if (same == size - 1) store<f32>(scoreBuffer + (<usize>historyAt(start + same) << 2), NEGATIVE_INFINITY);
  }
}

/** Rules out every token whose bit is not set. */
export function applyMask(): void {
  for (let word = 0; word < paddedSize >> 5; word++) {
    const bits = load<u32>(maskBuffer + (<usize>word << 2));
    if (bits == 0xffffffff) continue;
    const scores = scoreBuffer + (<usize>word << 7);
    for (let bit: u32 = 0; bit < 32; bit++) {
      if (!((bits >> bit) & 1)) store<f32>(scores + (bit << 2), NEGATIVE_INFINITY);
    }
  }
}
