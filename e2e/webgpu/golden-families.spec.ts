import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '../serving.ts';

// What nobody here computed: fixtures/families/README.md. The page loads each folder as a user's would, by its address.
const folder = 'fixtures/families';
interface Golden {
  readonly prompt: readonly number[];
  readonly greedy: readonly number[];
  readonly positions: readonly number[];
  readonly logits: readonly (readonly number[])[];
}
const goldens = readdirSync(folder)
  .filter((name) => existsSync(`${folder}/${name}/golden.json`))
  .map((name): [string, Partial<Golden>] => [name, JSON.parse(readFileSync(`${folder}/${name}/golden.json`, 'utf8'))])
  .filter((entry): entry is [string, Golden] => entry[1].greedy !== undefined);

/** Those that differ from each other on a GPU; the others differ in how a checkpoint is read, which the CPU meets in every run. */
const usual = ['gemma2', 'gemma3', 'gpt_neox', 'lfm2', 'llama', 'olmo2', 'qwen3', 'smollm3'];

for (const [name, { prompt, greedy, positions, logits }] of goldens) {
  const tag = usual.includes(name) ? '' : ' @every';
  test(`${name} answers as recorded, to 2e-3, and chooses the same 100 tokens, on WebGPU${tag}`, async ({ page }) => {
    await page.goto('/e2e/page/blank.html');
    const found = await page.evaluate(
      async ([source, prompt, greedy, positions]) => {
        const { loadModel } = (await import('/dist/index.js' as string)) as typeof import('../../sdk/index.ts');
        const model = await loadModel(source, { backend: 'webgpu', dtype: 'f32', cache: false });
        const rows = await model.forward([...prompt, ...greedy]);
        const V = model.config.vocabSize;
        const run = await model.generate(prompt, { maxNewTokens: greedy.length, temperature: 0, stopTokenIds: [] });
        await model.dispose();
        return { tokenIds: run.tokenIds, rows: positions.map((at) => [...rows.subarray(at * V, (at + 1) * V)]) };
      },
      [`/${folder}/${name}/`, prompt, greedy, positions] as const,
    );
    const worst = found.rows.map((row, i) => Math.max(...row.map((value, id) => Math.abs(value - logits[i][id]))));
    expect(Math.max(...worst)).toBeLessThan(2e-3);
    expect(found.tokenIds).toEqual(greedy);
  });
}

test('there is a golden of every family', () => expect(goldens.length).toBeGreaterThan(25));
