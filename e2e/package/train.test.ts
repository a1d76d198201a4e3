// `gptlet train` as it is in the package, with the embedded model, and its head used from the package.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runModule } from './run-node.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gptlet-train-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mails = [
  [
    'invoice',
    ['Your invoice of May is attached', 'The bill for the repair', 'Please pay the sum below', 'Payment is due'],
  ],
  [
    'party',
    ['Come and dance on Friday', 'We have cake and games', 'You are invited to my birthday', 'Bring your friends'],
  ],
] as const;

test('fits a head to a table of mails, says how good it is, and writes what loadHead reads', async () => {
  const rows = mails.flatMap(([label, texts]) =>
    Array.from(
      { length: 16 },
      (_, i) => `"${texts[i % 4]}, ${['dear Ann', 'dear Bob', 'hello', 'hi'][i >> 2]}.",${label}`,
    ),
  );
  await writeFile(join(folder, 'mails.csv'), `text,label\n${rows.join('\n')}\n`);
  const { stdout } = await run(process.execPath, [resolve('dist/cli.js'), 'train', 'mails.csv', '--out', 'folders'], {
    cwd: folder,
  });
  expect(stdout).toMatch(/held out: 6 examples\n {2}loss/);
  expect(stdout).toMatch(/accuracy +(1\.0|0\.[5-9])/);
  const output = await runModule(`
    import { readFile } from 'node:fs/promises';
    import { loadModel } from 'gptlet';
    import { loadHead } from 'gptlet/training';
    const read = (name) => readFile(${JSON.stringify(folder)} + '/folders/' + name);
    const files = { 'config.json': await read('config.json'), 'model.safetensors': await read('model.safetensors') };
    const model = await loadModel();
    const classifier = (await loadHead(files)).attach(model);
    for (const text of ['The bill for the repair, hello Ann.', 'We have cake and games, hello.'])
      console.log((await classifier.classify(text))[0].label);
    await model.dispose();`);
  expect(output).toBe('invoice\nparty\n');
});
