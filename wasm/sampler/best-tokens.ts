// The n most likely tokens of the cleaned row, best first, the lowest id first among equals.

import { candidateIds, candidateScores, rawBuffer, vocabSize } from './memory-layout';

/** Writes up to n ids to candidateIds; gives how many (fewer where fewer have a probability). */
export function bestTokens(n: i32): i32 {
  let count = 0;
  let least: f32 = -Infinity;
  for (let id = 0; id < vocabSize; id++) {
    const score = load<f32>(rawBuffer + (<usize>id << 2));
    if (!(score > least)) continue;
    let place = count < n ? count++ : n - 1;
    for (; place > 0; place--) {
      const above = <usize>(place - 1) << 2;
      if (load<f32>(candidateScores + above) >= score) break;
      store<f32>(candidateScores + above, load<f32>(candidateScores + above), 4);
      store<i32>(candidateIds + above, load<i32>(candidateIds + above), 4);
    }
    store<f32>(candidateScores + (<usize>place << 2), score);
    store<i32>(candidateIds + (<usize>place << 2), id);
    if (count == n) least = load<f32>(candidateScores + (<usize>(n - 1) << 2));
  }
  return count;
}
