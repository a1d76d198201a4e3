// Speculative decoding in a page: a draft model in a worker of its own, asked past the page, on both backends.
import { expect, test } from '../shared-page.ts';

for (const backend of ['webgpu', 'wasm'] as const) {
  test(`${backend}: the prompt and another model draft the same text`, async ({ page }) => {
    await page.goto('/e2e/page/blank.html');
    const runs = await page.evaluate(async (backend) => {
      const { generate, loadModel } = await import('/dist/index.js' as string);
      const load = (dtype: string) => loadModel(undefined, { backend, dtype });
      const [model, draft] = await Promise.all([load('q8'), load('q4')]);
      const prompt = 'Tom saw a red ball. The ball was big. Tom saw a red ball. The ball was';
      const runs: { plain: number[]; drafted: number[]; tried: number }[] = [];
      // A software GPU takes half a minute for both.
      for (const options of backend === 'webgpu' ? [{ temperature: 0 }] : [{ temperature: 0 }, { seed: 5 }]) {
        const given = { maxNewTokens: 40, ...options };
        const plain = (await model.generate(prompt, given)).tokenIds;
        for (const guesser of ['prompt', draft]) {
          const { tokenIds, usage } = await model.generate(prompt, { ...given, draft: guesser });
          runs.push({ plain, drafted: tokenIds, tried: usage.draftedTokens });
        }
      }
      // The function, whose embedded worker knows no drafts.
      const { tokenIds } = await generate(prompt, {
        maxNewTokens: 40,
        temperature: 0,
        backend,
        dtype: 'q8',
        draft: 'prompt',
      });
      runs.push({ plain: runs[0].plain, drafted: tokenIds, tried: 1 });
      await draft.dispose();
      const after = await model.generate(prompt, { draft }).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      await model.dispose();
      return { runs, after };
    }, backend);
    for (const { plain, drafted } of runs.runs) expect(drafted).toEqual(plain);
    for (const { tried } of runs.runs) expect(tried).toBeGreaterThanOrEqual(0);
    expect(runs.runs.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThan(1);
    expect(runs.after).toBe('DISPOSED');
  });
}
