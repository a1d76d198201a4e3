// The packed declarations, as compilers of users see them: every file is checked, with no types but the platform's.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const execFileAsync = promisify(execFile);

/** Version 5.9 is installed beside the app: as a dependency of this repository its `tsc` would hide version 7's. */
const compilers = {
  'TypeScript 5.9': () => join(folder, 'node_modules/typescript/bin/tsc'),
  'TypeScript 6': () => resolve('node_modules/typescript/bin/tsc6'),
  'TypeScript 7': () => resolve('node_modules/@typescript/native/bin/tsc'),
};

const app = `
import { connect, type Generation, type GenerationResult, GptletError, generate, type GptModel, loadModel, probe } from 'gptlet';
import { loadClassifier } from 'gptlet/heads';
import { zeroShot } from 'gptlet/prompting';
import { useChat, useModel } from 'gptlet/react';
import { createSampler } from 'gptlet/sampler';
import { createTokenizer } from 'gptlet/tokenizer';
import * as single from 'gptlet/single';

const generation: Generation = generate('x', { maxNewTokens: 3, backend: 'wasm', stop: ['.'] });
for await (const { text, tokenIds } of generation) { text.trim(); tokenIds.at(0)?.toFixed(); }
const result: GenerationResult = await generation;
const reason: 'stop' | 'length' | 'aborted' = result.finishReason;
const model: GptModel = await loadModel('owner/name', { onProgress: ({ fraction }) => void fraction.toFixed() });
const logits: Float32Array = await model.forward([1, 2, 3]);
const stream: ReadableStream<string> = model.generate([1, 2]).textStream();
const { threads } = await probe();
const [best] = await (await loadClassifier()).classify('fine');
const tokens: Uint32Array = (await createTokenizer({ 'tokenizer.json': '{}' })).encode('x');
try { await model.dispose(); } catch (error) { if (GptletError.isInstance(error)) error.code satisfies string; }
const fallback = connect({ baseURL: 'https://example.org/v1', model: 'x' });
function Chat() {
  const { model } = useModel('owner/name', { suspense: true });
  const { messages, send } = useChat({ model, system: 'Be terse.', temperature: 0 });
  const maybe: GptModel | undefined = useModel(undefined, { lazy: true }).model;
  const place: 'here' | 'server' | undefined = useModel('owner/name', { fallback }).model?.place;
  return [model.contextLength, messages.length, maybe, place, () => send('Hello', { maxNewTokens: 3 })];
}
// @ts-expect-error an option that does not exist
generate('x', { maxTokens: 3 });
// @ts-expect-error a backend that does not exist
loadModel('x', { backend: 'cuda' });
export { best, Chat, createSampler, logits, reason, single, stream, threads, tokens, zeroShot };
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gptlet-types-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const install = ['install', '--prefer-offline', '--no-save', '--no-audit', '--no-fund', 'typescript@5.9.3'];
  await execFileAsync('npm', install, { cwd: folder });
  await symlink(process.cwd(), join(folder, 'node_modules/gptlet'), 'junction');
  await writeFile(join(folder, 'app.ts'), app);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

for (const [name, compiler] of Object.entries(compilers)) {
  for (const module of ['esnext', 'nodenext']) {
    test(`declarations compile under ${name}, module ${module}`, async () => {
      const compilerOptions = {
        target: 'es2022',
        lib: ['es2022', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
        module,
        moduleResolution: module === 'nodenext' ? 'nodenext' : 'bundler',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        skipDefaultLibCheck: true, // TypeScript's own
        preserveSymlinks: true,
        types: [],
        noEmit: true,
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
      const output = await execFileAsync(process.execPath, [compiler(), '-p', folder]).catch((error) => error);
      expect(output.stdout).toBe('');
    });
  }
}
