import { familyConfigs } from './any-config.ts';
import { expect, test } from './harness-fixture.ts';

// Low-rank pairs on most matrices of a model, against the reference with the same. Tolerances are absolute, on values of order 1.

const softwareKernels = {};
const gpuKernels = { software: false, subgroups: false, splits: 3 };

const configs: typeof familyConfigs = {
  'GPT-2': {},
  GPT: { normPlacement: 'post', finalNorm: false, tiedHead: false },
  ...familyConfigs,
};
/** One for each place where norms stand, and each kind of matrix. */
const usual = ['GPT-2', 'GPT', 'OLMo 2', 'Gemma 2', 'LFM 2'];

for (const [kind, options] of [
  ['software kernels', softwareKernels],
  ['GPU kernels', gpuKernels],
] as const) {
  for (const name of Object.keys(configs)) {
    const tag = usual.includes(name) && (kind === 'software kernels' || name === 'Gemma 2') ? '' : ' @every';
    test(`${name} with an adapter on ${kind} agrees with the reference in all that an engine does${tag}`, async ({
      lab,
    }) => {
      const found = await lab.evaluate(
        ({ changes, options }) => {
          const { engineDifferences, makeConfig, randomAdapter } = harness;
          const config = makeConfig(changes);
          return engineDifferences(config, options, 1, randomAdapter(config, 3));
        },
        { changes: configs[name], options },
      );
      expect(Object.keys(found)).toHaveLength(12);
      for (const [what, value] of Object.entries(found)) expect(value, what).toBeLessThan(1e-4);
    });
  }
}

for (const part of [0, 1, 2, 3]) {
  test(`configs of any kind with an adapter agree with the reference, part ${part} @every`, async ({ lab }) => {
    test.setTimeout(300_000);
    const found = await lab.evaluate(async (part) => {
      const { anyConfig, engineDifferences, randomAdapter } = harness;
      const worst: Record<string, unknown>[] = [];
      for (let seed = 10 * part; seed < 10 * part + 10; seed++) {
        const config = anyConfig(seed);
        const options = seed % 2 ? { software: false, subgroups: false, splits: 1 + (seed % 3) } : {};
        const differences = await engineDifferences(config, options, seed + 1, randomAdapter(config, seed + 2));
        if (!(Math.max(...Object.values(differences)) < 1e-4)) {
          worst.push({ seed, differences, config: JSON.stringify(config) });
        }
      }
      return worst;
    }, part);
    expect(found).toEqual([]);
  });
}
