import { familyConfigs } from './any-config.ts';
import { expect, test } from './harness-fixture.ts';

// All that a config can say, against the reference with the same random weights. Tolerances are absolute, on values of order 1.

const softwareKernels = {};
const gpuKernels = { software: false, subgroups: false, splits: 3 };

for (const [kind, options, tag] of [
  ['software kernels', softwareKernels, ''],
  ['GPU kernels', gpuKernels, ' @every'],
] as const) {
  for (const name of Object.keys(familyConfigs)) {
    test(`${name} on ${kind} agrees with the reference in all that an engine does${tag}`, async ({ lab }) => {
      const found = await lab.evaluate(
        ({ name, options }) => {
          const { engineDifferences, familyConfigs, makeConfig } = harness;
          return engineDifferences(makeConfig(familyConfigs[name]), options);
        },
        { name, options },
      );
      expect(Object.keys(found)).toHaveLength(12);
      for (const [what, value] of Object.entries(found)) expect(value, what).toBeLessThan(1e-4);
    });
  }
}
