import { expect, test } from './harness-fixture.ts';

// 200 greedy tokens up to the last place of GPT-2's context, against the reference. Kernels for GPUs share a context of this
// length between four workgroups; the layer with a window (as GPT-Neo has them) leaves some of those without a key.

test.describe.configure({ timeout: 300_000 }); // 64 lanes and their barriers, one after the other on a CPU

const shape = { nEmbd: 48, nHead: 3, nCtx: 1024, vocabSize: 300, attentionWindow: [0, 100], tiedHead: false };

for (const [kind, options] of Object.entries({
  'software kernels': { software: true },
  'GPU kernels, context split in four': { software: false, subgroups: false },
  'GPU kernels with subgroups, context split in four': { software: false },
})) {
  test(`the reference's tokens up to position 1,024 on ${kind}`, async ({ lab }) => {
    const found = await lab.evaluate(
      async ({ options, shape }) => {
        const { makeConfig, webGpuEngine, referenceEngine, randomTokens, greedy, greedyAhead, maxDifference } = harness;
        const config = makeConfig(shape);
        const reference = await referenceEngine(config);
        const engine = await webGpuEngine(config, options);
        const prompt = [...randomTokens(config, 824)];
        const wanted = await greedy(reference, prompt, 200);
        const ahead = await greedyAhead(engine, prompt, 200);
        // The last of the tokens stands in the last place of the context.
        const all = Uint32Array.of(...prompt, ...wanted);
        const lastPlace = (await reference.forward(all, 0)).logits;
        const decoded = (await engine.forward(all.subarray(1023), 1023)).logits;
        const prefilled = (await engine.forward(all, 0)).logits;
        await engine.dispose();
        return {
          wanted,
          ahead,
          decoded: maxDifference(decoded?.slice(), lastPlace),
          prefilled: maxDifference(prefilled, lastPlace),
        };
      },
      { options, shape },
    );
    // A model that repeats one token would be no test.
    expect(new Set(found.wanted).size).toBeGreaterThan(15);
    expect(found.ahead).toEqual(found.wanted);
    expect(found.decoded).toBeLessThan(1e-4);
    expect(found.prefilled).toBeLessThan(1e-4);
  });
}

test('the reference’s tokens from one token on, 200 of them, chosen on either side', async ({ lab }) => {
  const found = await lab.evaluate(async (shape) => {
    const { makeConfig, webGpuEngine, referenceEngine, greedy, greedyAhead } = harness;
    const config = makeConfig(shape);
    const engine = await webGpuEngine(config);
    const wanted = await greedy(await referenceEngine(config), [7], 200);
    const found = { wanted, slow: await greedy(engine, [7], 200), ahead: await greedyAhead(engine, [7], 200) };
    await engine.dispose();
    return found;
  }, shape);
  expect(new Set(found.wanted).size).toBeGreaterThan(8);
  expect(found.slow).toEqual(found.wanted);
  expect(found.ahead).toEqual(found.wanted);
});
