import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler, type SamplingOptions } from './create-sampler.ts';

const golden = new URL('../../../shared/data/golden/hub/sampling-distributions.json', import.meta.url);

interface Case {
  options: SamplingOptions;
  logits: number[];
  history: number[];
  kept: number;
  probabilities: Record<string, number>;
}

/** The file rounds to seven decimals. */
const TOLERANCE = 2e-7;

describe.skipIf(!existsSync(golden))('the distributions that the hub leaves (../shared/data)', () => {
  it(`are equal to within ${TOLERANCE}, and keep the same tokens`, async () => {
    const cases = JSON.parse(readFileSync(golden, 'utf8')) as Case[];
    expect(cases.length).toBeGreaterThan(80);
    for (const { options, logits, history, kept, probabilities } of cases) {
      const sampler = await createSampler(options);
      const actual = sampler.distribution(Float32Array.from(logits), history);
      const label = JSON.stringify(options);
      expect(actual.filter((p) => p > 0).length, label).toBe(kept);
      for (const [id, p] of actual.entries()) {
        expect(Math.abs(p - (probabilities[id] ?? 0)), `${label} token ${id}`).toBeLessThan(TOLERANCE);
      }
    }
  });
});
