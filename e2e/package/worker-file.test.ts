import { readdirSync, readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';

const read = (name: string) => readFileSync(`dist/${name}`, 'utf8');

const workers = [
  'worker',
  'worker-wasm',
  'worker-embedded',
  'worker-embedded-wasm',
  'worker-constraint',
  'worker-training',
];

test.each(workers)('%s is one file that also runs as a classic script', (file) => {
  // In a classic script import.meta, import and export statements and top-level await are syntax errors.
  expect(() => new Script(read(`${file}.js`))).not.toThrow();
});

test.each(['worker', 'worker-constraint', 'worker-training'])('the inlined source is the file: %s', async (name) => {
  const { workerSource } = await import(`${process.cwd()}/dist/${name}-inline.js`);
  const withoutMapComment = read(`${name}.js`).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
  expect(workerSource === withoutMapComment).toBe(true);
});

test.each(workers)('the expression that bundlers look for is left as it was written: %s', (file) => {
  const literal = new RegExp(
    `new Worker\\(new URL\\(["']\\./${file}\\.js["'],\\s*import\\.meta\\.url\\),\\s*\\{\\s*type:\\s*["'\`]module["'\`]\\s*\\}\\)`,
  );
  const holders = readdirSync('dist').filter((name) => name.endsWith('.js') && literal.test(read(name)));
  // In an entry or a chunk, always beside worker.js; and in the single file, which does not train.
  const isInSingle = file !== 'worker-training';
  expect(holders).toHaveLength(isInSingle ? 2 : 1);
  expect(holders.includes('gptlet.single.js')).toBe(isInSingle);
});

test('the inlined worker and the inlined model are reached by dynamic import only', () => {
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.js'))) {
    const staticImport =
      /from\s*["']\.\/(worker-inline|worker-constraint-inline|worker-training-inline|default-model-inline)\.js["']/;
    expect(staticImport.test(read(name)), name).toBe(false);
  }
});
