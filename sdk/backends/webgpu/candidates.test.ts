import { expect, test } from 'vitest';
import { mostCandidates, mostListed } from './buffers.ts';
import { pickCandidates, readCandidates } from './candidates.ts';

/** What shaders/candidates-rank.wgsl leaves. */
function written(count: number, most: number, sum: number, pairs: readonly (readonly [number, number])[]): ArrayBuffer {
  const words = new Uint32Array(3 + 2 * mostCandidates);
  const floats = new Float32Array(words.buffer);
  words[0] = count;
  floats[1] = most;
  floats[2] = sum;
  pairs.forEach(([id, logit], i) => {
    words[3 + 2 * i] = id;
    floats[4 + 2 * i] = logit;
  });
  return words.buffer;
}

test('candidates are read in the order that the GPU gave them', () => {
  const found = readCandidates(
    written(2, 4, 2, [
      [7, 4],
      [3, 1.5],
    ]),
  );
  expect(found && [...found.tokenIds]).toEqual([7, 3]);
  expect(found && [...found.logits]).toEqual([4, 1.5]);
  expect(found?.logSumExp).toBeCloseTo(4 + Math.log(2), 6);
});

test('a list that was too short is no result, and garbage ends', () => {
  expect(readCandidates(written(mostListed + 1, 0, 1, []))).toBeUndefined();
  expect(readCandidates(written(mostListed, 0, 1, []))?.tokenIds).toHaveLength(mostCandidates);
});

test('of equal logits the lowest ids are picked', () => {
  const { tokenIds, logits, logSumExp } = pickCandidates(new Float32Array(2000).fill(-100));
  expect([...tokenIds]).toEqual(Array.from({ length: mostCandidates }, (_, id) => id));
  expect(new Set(logits)).toEqual(new Set([-100]));
  expect(logSumExp).toBeCloseTo(-100 + Math.log(2000), 6);
});

test('the largest logits are picked first, and all where there are few', () => {
  const found = pickCandidates(Float32Array.of(1, 3, 2, 3));
  expect([...found.tokenIds]).toEqual([1, 3, 2, 0]);
  expect([...found.logits]).toEqual([3, 3, 2, 1]);
});
