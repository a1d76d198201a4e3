import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fuzz } from './testing/fuzz.ts';
import { fuzzTargets } from './testing/fuzz-targets.ts';
import { tokenizerFuzzTargets } from './testing/tokenizer-fuzz-targets.ts';

// The long run is `node bench/load/fuzz.mjs`, with the same targets.
describe('spoilt checkpoints', () => {
  it.each(fuzzTargets(fileURLToPath(new URL('../../', import.meta.url))))(
    '$name: each of 500 ends in a model or a GptletError, at once and within its size',
    async (target) => {
      const report = await fuzz([target], 500, 1);
      expect(report.inputs).toBe(500);
      // A mutator that breaks nothing, or everything at the first byte, would test little.
      expect(report.loaded).toBeLessThan(400);
      expect(Object.values(report.refused).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    },
  );
});

describe('spoilt tokenizer files', () => {
  it.each(tokenizerFuzzTargets())(
    '$name: each of 100 ends in a tokenizer that works or a GptletError, at once and within its size',
    async (target) => {
      const report = await fuzz([target], 100, 1);
      expect(report.inputs).toBe(100);
      expect(report.loaded).toBeLessThan(100);
      expect(Object.values(report.refused).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
    },
  );
});
