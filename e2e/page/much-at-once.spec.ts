// Huge inputs across the worker boundary: an error that says what does not fit, or the right result, and the page goes on meanwhile.
import { expect, test } from '../shared-page.ts';

test('prompts, stop texts, bans and ids by the million end in a result or an error, in reasonable time', async ({
  page,
}) => {
  await page.goto('/e2e/page/blank.html');
  const found = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const model = await loadModel('/fixtures/gpt2-tiny/', { backend: 'wasm', dtype: 'f32' });
    const greedy = { maxNewTokens: 8, temperature: 0 };
    const many = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
    const outcome = async (call: PromiseLike<{ tokenIds?: number[] }>) => {
      const started = performance.now();
      const end = await call.then(
        ({ tokenIds }) => String(tokenIds),
        ({ code }: { code?: string }) => String(code),
      );
      return { end, seconds: (performance.now() - started) / 1000 };
    };
    const plain = (await model.generate('x', greedy)).tokenIds.join();
    const ends = {
      words: await outcome(model.generate('some words '.repeat(1e6))),
      oneWord: await outcome(model.generate('a'.repeat(1e7))),
      list: await outcome(model.generate(many(1e6, () => 1))),
      array: await outcome(model.generate(new Uint32Array(1e6))),
      embed: await outcome(model.embed('some words '.repeat(1e6))),
      unknownIds: await outcome(model.generate('x', { ...greedy, bannedTokenIds: many(1e6, (i) => i + 1000) })),
      stops: await outcome(model.generate('x', { ...greedy, stop: many(1e4, (i) => `never ${i}`) })),
      bans: await outcome(model.generate('x', { ...greedy, bannedTexts: many(1e5, (i) => `never ${i}`) })),
      stopIds: await outcome(model.generate('x', { ...greedy, stopTokenIds: many(1e6, (i) => i + 1000) })),
    };
    await model.dispose();
    return { plain, ends };
  });
  const { words, oneWord, list, array, embed, unknownIds, ...results } = found.ends;
  for (const { end } of [words, oneWord, list, array, embed]) expect(end).toBe('CONTEXT_OVERFLOW');
  expect(unknownIds.end).toBe('INVALID_OPTION');
  for (const { end } of Object.values(results)) expect(end).toBe(found.plain);
  // A second or two on a quiet machine.
  for (const [name, { seconds }] of Object.entries(found.ends)) expect(seconds, name).toBeLessThan(20);
});
