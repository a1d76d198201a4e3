// Adapters in a page: read here, applied by the model in its worker, whose weights one is merged into.
import { readFileSync } from 'node:fs';
import { expect, test } from '../shared-page.ts';

const folder = 'fixtures/adapters/gpt2';
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8'));

test('an adapter from an address gives the logits of the reference, one of files the same, merged or not', async ({
  page,
}) => {
  await page.goto('/e2e/page/blank.html');
  const found = await page.evaluate(
    async ({ folder, model: source, ids }) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const model = await loadModel(`/fixtures/${source}/`, { backend: 'wasm', dtype: 'f32', cache: false });
      const plain = await model.forward(ids);
      const adapter = await model.loadAdapter(`/${folder}/`);
      const names = [...model.adapters];
      const logits: Float32Array[] = [await model.forward(ids, { adapter })];
      const unloaded = await model.forward(ids);
      await model.unloadAdapter(adapter);
      const gone = await model.generate([1], { adapter }).then(
        () => 'no error',
        ({ code }: { code: string }) => code,
      );
      const files: Record<string, Blob> = {};
      for (const name of ['adapter_config.json', 'adapter_model.safetensors'])
        files[`dropped/${name}`] = await (await fetch(`/${folder}/${name}`)).blob();
      await model.loadAdapter(files, { merge: true });
      logits.push(await model.forward(ids));
      const refused = await model.loadAdapter('/fixtures/adapters/llama/').then(
        () => 'no error',
        ({ code }: { code: string }) => code,
      );
      const result = { names, gone, refused, left: [...model.adapters], V: model.config.vocabSize };
      await model.dispose();
      return {
        ...result,
        same: plain.every((value: number, i: number) => value === unloaded[i]),
        logits: logits.map((each) => Array.from(each)),
      };
    },
    { folder, ...expected },
  );
  expect(found.names).toEqual([`/${folder}/`]);
  expect([found.gone, found.refused, found.left, found.same]).toEqual(['INVALID_OPTION', 'BAD_CHECKPOINT', [], true]);
  for (const logits of found.logits)
    for (const [i, position] of (expected.positions as number[]).entries())
      for (const [v, value] of (expected.logits[i] as number[]).entries())
        expect(Math.abs(logits[position * found.V + v] - value)).toBeLessThan(1e-4);
});
