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

for (const part of [0, 1, 2, 3]) {
  test(`configs of any kind agree with the reference, part ${part}${part > 0 ? ' @every' : ''}`, async ({ lab }) => {
    test.setTimeout(300_000);
    const found = await lab.evaluate(async (part) => {
      const { anyConfig, engineDifferences, failure } = harness;
      const worst: Record<string, unknown>[] = [];
      for (let seed = 10 * part; seed < 10 * part + 10; seed++) {
        const config = anyConfig(seed);
        const differences: Record<string, number> = {};
        const failed = await failure(async () =>
          Object.assign(differences, await engineDifferences(config, {}, seed + 1)),
        );
        const most = Math.max(...Object.values(differences));
        if (failed !== 'no error' || !(most < 1e-4))
          worst.push({ seed, failed, differences, config: JSON.stringify(config) });
      }
      return worst;
    }, part);
    expect(found).toEqual([]);
  });
}

for (const name of ['Qwen 3', 'Gemma 2', 'LFM 2']) {
  test(`${name} in f16, q8 and q4 computes what its rounded weights say`, async ({ lab }) => {
    const found = await lab.evaluate(async (name) => {
      const { familyConfigs, makeConfig, webGpuEngine, referenceEngine, randomTokens, relativeError } = harness;
      // Heads without padding: that would move columns of the projection to other groups of q8 and q4 than the twin's.
      const config = makeConfig({ ...familyConfigs[name], nEmbd: 96, nInner: 160, headSize: 12 });
      const tokens = randomTokens(config, 24);
      const results: Record<string, number> = {};
      for (const dtype of ['f16', 'q8', 'q4'] as const) {
        const wanted = (await (await referenceEngine(config, 1, dtype)).forward(tokens, 0)).logits;
        const engine = await webGpuEngine(config, { dtype });
        results[`${dtype} prefill`] = relativeError((await engine.forward(tokens, 0)).logits, wanted);
        let decoded: Float32Array | undefined;
        for (let t = 0; t < tokens.length; t++) decoded = (await engine.forward(tokens.subarray(t, t + 1), t)).logits;
        results[`${dtype} decode`] = relativeError(decoded, wanted);
        await engine.dispose();
      }
      return results;
    }, name);
    expect(Object.keys(found)).toHaveLength(6);
    // Relative to the length of the logit vector. What is left is the f16 of the cache.
    for (const [what, error] of Object.entries(found)) expect(error, what).toBeLessThan(1e-3);
  });
}
