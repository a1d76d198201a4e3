import { readFileSync } from 'node:fs';
import { expect, test } from './harness-fixture.ts';

/** Fixtures with a language-model head; training/reference.py says what they compute. */
const all = [
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

/** CI's adapter is software, so the kernels for real GPUs have to be asked for; they take SwiftShader seconds to compile. */
const variants = [
  { kind: 'software kernels', cases: all, options: {} },
  {
    kind: 'GPU kernels @every',
    cases: ['gpt2-odd', 'gpt-neo-tiny'],
    options: { software: false, subgroups: false, splits: 3, chunk: 32 },
  },
  { kind: 'GPU kernels with subgroups @every', cases: ['gpt1-tiny'], options: { software: false }, most: 8 },
];

for (const { kind, cases, options, most = Infinity } of variants) {
  for (const name of cases) {
    test(`${name}, ${kind}: logits within 1e-4 and the same greedy tokens`, async ({ lab }) => {
      const { ids, greedyPrompt, ...expected } = JSON.parse(readFileSync(`fixtures/${name}/expected.json`, 'utf8')) as {
        ids: number[];
        greedyPrompt: number[];
        greedy: number[];
      };
      const greedy = expected.greedy.slice(0, most);
      const found = await lab.evaluate(
        async ({ name, ids, greedyPrompt, count, options }) => {
          const { loadCheckpoint, maxDifference, greedy, greedyAhead } = harness;
          const engine = await loadCheckpoint(`/fixtures/${name}`, 'f32', options);
          const bytes = await (await fetch(`/fixtures/${name}/logits.f32`)).arrayBuffer();
          const wanted = new Float32Array(bytes);
          const tokens = Uint32Array.from(ids);
          const { logits: prefilled } = await engine.forward(tokens, 0, { logits: 'all' });
          const decoded = new Float32Array(wanted.length);
          for (let t = 0; t < ids.length; t++) {
            const { logits } = await engine.forward(tokens.subarray(t, t + 1), t);
            decoded.set(logits as Float32Array, t * engine.config.vocabSize);
          }
          const slow = await greedy(engine, greedyPrompt, count);
          const fast = await greedyAhead(engine, greedyPrompt, count);
          await engine.dispose();
          return { prefill: maxDifference(prefilled, wanted), decode: maxDifference(decoded, wanted), slow, fast };
        },
        { name, ids, greedyPrompt, count: greedy.length, options },
      );
      expect(found.prefill).toBeLessThan(1e-4);
      expect(found.decode).toBeLessThan(1e-4);
      expect(found.slow).toEqual(greedy);
      expect(found.fast).toEqual(greedy);
    });
  }
}
