// q8 and q4 multiply bytes in one instruction or in three, whichever is faster on the machine, and widened integers where it has
// neither: to the same bits. A page is compared with this Node, which has none.
import { loadModel } from '../../sdk/api/load-model.ts';
import { chooseByteKernels } from '../../sdk/backends/wasm/byte-kernels.ts';
import { expect, test } from '../shared-page.ts';

test.use({ expectedErrors: /status of 404/ });

const moduleSource = '/build/sdk/backends/wasm/byte-kernels.js';
const ids = Array.from({ length: 21 }, (_, i) => (i * 37 + 5) % 60);
/** Tokens at once, so that each way of dividing them into tiles of six and four occurs, whole and in part. */
const lengths = [21, 2, 3, 5, 6, 7, 8, 9, 10, 12];

const names = ['gpt2-tiny', 'gpt2-odd', 'gpt1-tiny', 'gpt-neo-tiny'];

for (const { name, dtype } of names.flatMap((name) => (['q8', 'q4'] as const).map((dtype) => ({ name, dtype })))) {
  test(`${name} in ${dtype}: the same logits by byte products as without, prefilled and token by token`, async ({
    page,
  }) => {
    test.skip(
      (await chooseByteKernels(false)).name !== 'q8-plain',
      'this Node has byte products itself, so that there is nothing to compare with',
    );
    await page.goto('/e2e/page/blank.html');
    const found = await page.evaluate(
      async ({ name, dtype, ids, lengths, moduleSource }) => {
        const { chooseByteKernels } = await import(moduleSource);
        const { loadModel } = await import('/dist/index.js' as string);
        const answers: { threads: number; prefills: number[][]; alone: number[]; after: number[] }[] = [];
        for (const threads of [1, 2]) {
          const model = await loadModel(new URL(`/fixtures/${name}`, location.href), {
            backend: 'wasm',
            dtype,
            threads,
          });
          const prefills: number[][] = [];
          for (const n of lengths) prefills.push([...(await model.forward(ids.slice(0, n)))]);
          const alone = await model.forward(ids.slice(0, 1));
          const { tokenIds } = await model.generate(ids, { temperature: 0, maxNewTokens: 6, stopTokenIds: [] });
          answers.push({ threads, prefills, alone: [...alone], after: tokenIds });
          await model.dispose();
        }
        return { chosen: (await chooseByteKernels(false)).name as string, answers };
      },
      { name, dtype, ids, lengths, moduleSource },
    );
    expect(['q8', 'q8-pairs'], 'Chromium has relaxed SIMD').toContain(found.chosen);
    const model = await loadModel(`fixtures/${name}`, { backend: 'wasm', dtype, worker: false });
    const prefills: number[][] = [];
    for (const n of lengths) prefills.push([...(await model.forward(ids.slice(0, n)))]);
    const alone = await model.forward(ids.slice(0, 1));
    const { tokenIds } = await model.generate(ids, { temperature: 0, maxNewTokens: 6, stopTokenIds: [] });
    await model.dispose();
    for (const prefill of prefills) expect(prefill.some((value) => value !== 0)).toBe(true);
    for (const { threads, ...answer } of found.answers)
      expect(answer, `${threads} threads`).toEqual({ prefills, alone: [...alone], after: tokenIds });
  });
}
