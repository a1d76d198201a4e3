import { expect, test } from './harness-fixture.ts';

// Greedy tokens up to the last place of GPT-2's context, against the reference: 200 by the kernels for software adapters. Kernels for
// GPUs share a context of this length between four workgroups; the layer with a window (as GPT-Neo has them) leaves some of those
// without a key. A CPU takes 64 lanes and their barriers one after the other: a few tokens (200 in bench/gpu/check-real-gpu.mjs).

const shape = { nEmbd: 48, nHead: 3, nCtx: 1024, vocabSize: 300, attentionWindow: [0, 100], tiedHead: false };

for (const [kind, count, options] of [
  ['software kernels', 200, { software: true }],
  ['GPU kernels, context split in four @every', 32, { software: false, subgroups: false }],
  ['GPU kernels with subgroups, context split in four @every', 16, { software: false }],
] as const) {
  test(`the reference's tokens up to position 1,024 on ${kind}`, async ({ lab }) => {
    test.setTimeout(180_000);
    const found = await lab.evaluate(
      async ({ options, shape, count }) => {
        const { makeConfig, webGpuEngine, referenceEngine, randomTokens, greedy, greedyAhead, maxDifference } = harness;
        const config = makeConfig(shape);
        const reference = await referenceEngine(config);
        const engine = await webGpuEngine(config, options);
        const prompt = [...randomTokens(config, 1024 - count)];
        const wanted = await greedy(reference, prompt, count);
        // The last of the tokens stands in the last place of the context.
        const all = Uint32Array.of(...prompt, ...wanted);
        const lastPlace = (await reference.forward(all, 0)).logits;
        const prefilled = (await engine.forward(all, 0)).logits?.slice();
        // What the prompt left there serves both; the tokens' own places are written anew.
        const ahead = await greedyAhead(engine, prompt, count, true);
        const decoded = (await engine.forward(all.subarray(1023), 1023)).logits;
        await engine.dispose();
        return {
          wanted,
          ahead,
          decoded: maxDifference(decoded?.slice(), lastPlace),
          prefilled: maxDifference(prefilled, lastPlace),
        };
      },
      { options, shape, count },
    );
    // A model that repeats one token would be no test.
    expect(new Set(found.wanted).size).toBeGreaterThan(Math.min(15, count / 6));
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

for (const [kind, options] of [
  ['software kernels @every', { software: true }],
  ['GPU kernels, context split in six @every', { software: false, subgroups: false, splits: 6 }],
] as const) {
  test(`beyond 4,096 tokens, shared heads give the reference’s logits on ${kind}`, async ({ lab }) => {
    test.setTimeout(600_000);
    const found = await lab.evaluate(async (options) => {
      const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference } = harness;
      const config = makeConfig({
        nLayer: 1,
        nHead: 6,
        nKvHead: 2,
        headSize: 8,
        nCtx: 8192,
        vocabSize: 64,
        learnedPositions: 0,
        rotary: [{ size: 8, base: 10_000 }],
      });
      const tokens = randomTokens(config, 4300);
      const reference = await referenceEngine(config);
      await reference.forward(tokens.subarray(0, 4298), 0, { logits: 'none' });
      const engine = await webGpuEngine(config, options);
      await engine.forward(tokens.subarray(0, 4298), 0, { logits: 'none' });
      const differences: number[] = [];
      for (const position of [4298, 4299]) {
        const token = tokens.subarray(position, position + 1);
        const wanted = (await reference.forward(token, position)).logits;
        differences.push(maxDifference((await engine.forward(token, position)).logits, wanted));
      }
      await engine.dispose();
      return differences;
    }, options);
    for (const difference of found) expect(difference).toBeLessThan(1e-4);
  });
}
