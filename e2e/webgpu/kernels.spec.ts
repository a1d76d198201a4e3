import { expect, test } from './harness-fixture.ts';

// Every kernel against its slow twin, on fresh random numbers of order 1, outputs poisoned with NaN before.

const kinds = {
  'software kernels': { software: true, subgroups: false },
  'GPU kernels': { software: false, subgroups: false },
  'GPU kernels with subgroups': { software: false, subgroups: true },
};
const activations = ['gelu_new', 'gelu', 'silu', 'tanh'] as const;

for (const [kind, traits] of Object.entries(kinds)) {
  (['f32', 'f16', 'q8', 'q4'] as const).forEach((dtype, i) => {
    // What unpacks a dtype is the same in all kernels, and what adds up knows nothing of dtypes: each is met once in every run.
    const usual = { 'software kernels': ['f16', 'q4'], 'GPU kernels': ['f32'], 'GPU kernels with subgroups': ['q8'] };
    const isUsual = usual[kind as keyof typeof kinds].includes(dtype);
    const tag = isUsual ? '' : ' @every';
    test(`${kind} in ${dtype} agree with their twins${tag}`, async ({ lab }) => {
      const found = await lab.evaluate(
        ({ traits, dtype, activation }) => harness.kernelDifferences(traits, dtype, activation),
        { traits, dtype, activation: activations[i] },
      );
      expect(Object.keys(found)).toHaveLength(16);
      for (const [kernel, difference] of Object.entries(found)) {
        // Keys and values are kept in f16 unless all is f32: half a unit in the last place of values up to 4.
        const tolerance = kernel.endsWith('cache') && dtype !== 'f32' ? 2e-3 : 2e-5;
        expect(difference, kernel).toBeLessThan(tolerance);
      }
    });

    test(`${kind} in ${dtype} for later families agree with their twins${tag}`, async ({ lab }) => {
      const found = await lab.evaluate(({ traits, dtype }) => harness.familyKernelDifferences(traits, dtype), {
        traits,
        dtype,
      });
      // Software adapters have one way only from a qkv layer to attention.
      expect(Object.keys(found)).toHaveLength(traits.software ? 13 : 15);
      for (const [kernel, difference] of Object.entries(found)) {
        const tolerance = kernel.endsWith('cache') && dtype !== 'f32' ? 2e-3 : 2e-5;
        expect(difference, kernel).toBeLessThan(tolerance);
      }
    });
  });
}
