import { expect, test } from './harness-fixture.ts';

// Several tokens that join what the KV cache holds, with GPT-Neo's window, against the reference: as sdk/backends/wasm/joining-tokens.test.ts.

for (const [kind, options, window, positions] of [
  ['software kernels', { software: true }, 256, [300, 257, 256, 255, 1]],
  ['software kernels, a small window', { software: true, chunk: 32 }, 8, [60, 17, 9, 8, 7, 1]],
  ['GPU kernels @every', { software: false, subgroups: false }, 256, [300, 257, 255]],
] as const) {
  test(`a window of ${window}: logits of the reference, wherever they join, on ${kind}`, async ({ lab }) => {
    const found = await lab.evaluate(
      async ({ options, window, positions }) => {
        const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference } = harness;
        const counts = [2, 7, 20];
        const nCtx = positions[0] + 20;
        const config = makeConfig({ nCtx, attentionWindow: [0, window], tiedHead: false });
        const V = config.vocabSize;
        const tokens = randomTokens(config, nCtx);
        const wanted = (await (await referenceEngine(config)).forward(tokens, 0, { logits: 'all' })).logits;
        const engine = await webGpuEngine(config, options);
        // What the cache holds behind them, from a longer text before, counts nothing.
        await engine.forward(tokens.slice().reverse(), 0);
        const differences: Record<string, number> = {};
        for (const position of positions) {
          await engine.forward(tokens.subarray(0, position), 0, { logits: 'none' });
          for (const count of counts) {
            const joining = tokens.subarray(position, position + count);
            const { logits } = await engine.forward(joining, position, { logits: 'all' });
            const rows = wanted?.slice(position * V, (position + count) * V);
            differences[`${count} at ${position}`] = maxDifference(logits, rows);
          }
          // As a generation does that finds its prompt's beginning in the cache.
          const { logits, tokenIds } = await engine.forwardCandidates(
            tokens.subarray(position, position + 9),
            position,
          );
          const row = wanted?.slice((position + 8) * V, (position + 9) * V);
          const best = Array.from(tokenIds.subarray(0, 5), (id) => row?.[id] ?? Number.NaN);
          differences[`candidates at ${position}`] = maxDifference(logits.slice(0, 5), best);
        }
        await engine.dispose();
        return differences;
      },
      { options, window, positions: [...positions] },
    );
    expect(Object.keys(found)).toHaveLength(positions.length * 4);
    for (const [where, difference] of Object.entries(found)) expect(difference, where).toBeLessThan(1e-4);
  });
}

test('a prompt of which the cache holds the beginning gives what it gives from scratch, past the window of GPT-Neo too', async ({
  lab,
}) => {
  const found = await lab.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const load = () => loadModel('/fixtures/gpt-neo-tiny', { backend: 'webgpu', dtype: 'f32', worker: false });
    const [fresh, warm] = [await load(), await load()];
    const ids = Array.from({ length: 90 }, (_, i) => (i * 37 + 11) % 120);
    const found: string[] = [];
    for (const [held, joining] of [
      [7, 2],
      [8, 9],
      [9, 5],
      [60, 20],
    ]) {
      for (const how of [{ temperature: 0 }, { topK: 10, seed: 2 }, { topP: 0.9, seed: 2 }]) {
        const options = { maxNewTokens: 12, stopTokenIds: [], ...how };
        for (const model of [fresh, warm]) await model.generate([119, 3, 5], { maxNewTokens: 2 });
        await warm.generate(ids.slice(0, held), { maxNewTokens: 0 });
        const prompt = ids.slice(0, held + joining);
        const [wanted, got] = [await fresh.generate(prompt, options), await warm.generate(prompt, options)];
        found.push(
          `${got.usage.cachedTokens - held} ${String(got.tokenIds) === String(wanted.tokenIds)} ${got.tokenIds.length}`,
        );
      }
    }
    await fresh.dispose();
    await warm.dispose();
    return found;
  });
  expect(found).toEqual(Array(12).fill('0 true 12'));
});
