// What a page downloads, by import: tiny apps are bundled from dist/ as a user's bundler would, minified, gzip 9.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { type OutputChunk, rollup } from 'rollup';
import { describe, expect, test } from 'vitest';

const gzipBytes = (code: string) => gzipSync(code, { level: 9 }).length;
const workerCode = readFileSync('dist/worker.js', 'utf8');
const wasmWorkerCode = readFileSync('dist/worker-wasm.js', 'utf8');

/** The chunks that a page with `code` downloads: static imports, and dynamic ones whose name `follow` matches. */
async function bundle(code: string, follow = /^$/): Promise<OutputChunk[]> {
  const build = await rollup({
    input: 'app',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'app' ? id : id.startsWith('dist/') ? resolve(id) : null),
        load: (id) => (id === 'app' ? code : null),
      },
      nodeResolve(),
    ],
    external: [/^node:/, /default-model-inline/],
    onwarn: () => {},
  });
  const minify = async (source: string) =>
    (await transform(source, { minify: true, target: 'es2022', format: 'esm' })).code;
  const { output } = await build.generate({ format: 'es', plugins: [{ name: 'minify', renderChunk: minify }] });
  const chunks = new Map(output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const wanted = new Set<OutputChunk>();
  const add = (chunk: OutputChunk | undefined): void => {
    if (!chunk || wanted.has(chunk)) return;
    wanted.add(chunk);
    for (const name of chunk.imports) add(chunks.get(name));
    for (const name of chunk.dynamicImports) if (follow.test(name)) add(chunks.get(name));
  };
  add(output[0]);
  return [...wanted];
}

const sizeOf = (chunks: readonly OutputChunk[]) => chunks.reduce((sum, chunk) => sum + gzipBytes(chunk.code), 0);
const codeOf = (chunks: readonly OutputChunk[]) => chunks.map((chunk) => chunk.code).join('\n');

/** Fails above `ceiling`, which only ever sinks, towards `goal`. */
function expectAtMost(name: string, bytes: number, ceiling: number, goal: number): void {
  console.log(`size of ${name}: ${bytes} bytes (ceiling ${ceiling}, goal ${goal})`);
  expect(bytes).toBeLessThanOrEqual(ceiling);
  expect(readFileSync('README.md', 'utf8'), 'the README says so').toContain(`| ${ceiling / 1000} kB |`);
}

const generateApp = `import { generate, loadModel } from 'dist/index.js'; globalThis.app = [generate, loadModel];`;

describe('sizes, gzip', () => {
  test('generate and loadModel, with the worker and all it holds', async () => {
    const chunks = await bundle(generateApp, /remote-model/);
    expect(codeOf(chunks).includes('./worker.js'), 'the worker client is counted').toBe(true);
    expectAtMost('generate + loadModel + worker', sizeOf(chunks) + gzipBytes(workerCode), 89_000, 60_000);
  });

  test('the same where there is no WebGPU', async () => {
    const chunks = await bundle(generateApp, /remote-model/);
    expectAtMost(
      'generate + loadModel + worker, WASM only',
      sizeOf(chunks) + gzipBytes(wasmWorkerCode),
      74_000,
      40_000,
    );
  });

  test('createTokenizer', async () => {
    const chunks = await bundle(
      `import { createTokenizer } from 'dist/tokenizer.js'; globalThis.app = createTokenizer;`,
    );
    expectAtMost('createTokenizer', sizeOf(chunks), 14_700, 12_000);
  });

  test('GptletError alone', async () => {
    const chunks = await bundle(`import { GptletError } from 'dist/index.js'; globalThis.app = GptletError;`);
    expectAtMost('GptletError', sizeOf(chunks), 1000, 1000);
  });
});

describe('what must not be in a bundle', () => {
  const found = (code: string, words: readonly string[]) => words.filter((word) => code.includes(word));

  test('heads and prompting are not in generate', async () => {
    const code = codeOf(await bundle(generateApp, /remote-model/));
    expect(found(code, ['premise', 'zeroShot', 'fewShot', 'calibrat'])).toEqual([]);
  });

  test('no engine and no worker is in the tokenizer', async () => {
    const code = codeOf(
      await bundle(`import { createTokenizer } from 'dist/tokenizer.js'; globalThis.app = createTokenizer;`),
    );
    expect(found(code, ['requestAdapter', 'MessageChannel', 'new Worker', 'safetensors', 'temperature'])).toEqual([]);
  });

  test('the page itself gets no kernels: they are the worker’s', async () => {
    const code = codeOf(await bundle(generateApp, /remote-model/));
    expect(found(code, ['@compute', 'requestDevice', 'model.safetensors.index'])).toEqual([]);
  });

  test('nothing of WebGPU is in the worker for the CPU, nor what workers leave to the page', () => {
    expect(found(wasmWorkerCode, ['requestAdapter', '@compute', 'GPUBufferUsage', 'createBindGroup'])).toEqual([]);
    for (const code of [workerCode, wasmWorkerCode])
      expect(found(code, ['$defs', 'data.pkl', 'posix', 'node:', 'getBuiltinModule'])).toEqual([]);
    expect(found(workerCode, ['requestAdapter', '@compute'])).toHaveLength(2);
  });

  test('the embedded model’s bytes are in no bundle', async () => {
    for (const chunk of await bundle(generateApp, /./)) expect(chunk.code.length, chunk.fileName).toBeLessThan(600_000);
  });
});
