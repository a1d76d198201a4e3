import { readFileSync } from 'node:fs';
import { expect, test } from './harness-fixture.ts';

/** Fixtures with a language-model head; training/reference.py says what they compute. */
const cases = [
  'gpt2-tiny',
  'gpt2-nhead3-nctx77',
  'gpt2-untied-eps',
  'gpt2-sharded',
  'gpt2-flags',
  'gpt2-relu-unscaled',
  'gpt2-odd',
  'gpt2-f16',
  'gpt2-bf16',
  'gpt1-tiny',
  'gpt-neo-tiny',
];

for (const name of cases) {
  test(`${name}: logits within 1e-4 and the same greedy tokens`, async ({ lab }) => {
    const expected = JSON.parse(readFileSync(`fixtures/${name}/expected.json`, 'utf8')) as {
      ids: number[];
      greedyPrompt: number[];
      greedy: number[];
    };
    const found = await lab.evaluate(
      async ({ name, ids, greedyPrompt, count }) => {
        const { loadCheckpoint, maxDifference, greedy } = harness;
        const engine = await loadCheckpoint(`/fixtures/${name}`);
        const bytes = await (await fetch(`/fixtures/${name}/logits.f32`)).arrayBuffer();
        const wanted = new Float32Array(bytes);
        const V = engine.config.vocabSize;
        const tokens = Uint32Array.from(ids);
        const { logits: prefilled } = await engine.forward(tokens, 0, { logits: 'all' });
        const decoded = new Float32Array(wanted.length);
        for (let t = 0; t < ids.length; t++) {
          const { logits } = await engine.forward(tokens.subarray(t, t + 1), t);
          decoded.set(logits as Float32Array, t * V);
        }
        const slow = await greedy(engine, greedyPrompt, count);
        // The same again, chosen on the GPU: the first token by a decode step, then many a readback.
        const prompt = Uint32Array.from(greedyPrompt);
        if (prompt.length > 1) await engine.forward(prompt.subarray(0, -1), 0, { logits: 'none' });
        const fast: number[] = [];
        let last = prompt[prompt.length - 1];
        while (fast.length < count) {
          const position = prompt.length - 1 + fast.length;
          const chosen = await engine.decodeGreedy(last, position, Math.min(16, count - fast.length));
          fast.push(...chosen);
          last = chosen[chosen.length - 1];
        }
        await engine.dispose();
        return { prefill: maxDifference(prefilled, wanted), decode: maxDifference(decoded, wanted), slow, fast };
      },
      { name, ids: expected.ids, greedyPrompt: expected.greedyPrompt, count: expected.greedy.length },
    );
    expect(found.prefill).toBeLessThan(1e-4);
    expect(found.decode).toBeLessThan(1e-4);
    expect(found.slow).toEqual(expected.greedy);
    expect(found.fast).toEqual(expected.greedy);
  });
}
