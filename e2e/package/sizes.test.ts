// What a page downloads, by import: tiny apps are bundled from dist/ as a user's bundler would, minified, gzip 9.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { type OutputChunk, rollup } from 'rollup';
import { describe, expect, test } from 'vitest';

const read = (name: string) => readFileSync(`dist/${name}`, 'utf8');
const gzipBytes = (code: string) => gzipSync(code, { level: 9 }).length;
/** Workers by what they are for: generating with the embedded model, or all of loadModel; with WebGPU and without. */
const workers = {
  generate: { all: read('worker-embedded.js'), wasm: read('worker-embedded-wasm.js') },
  loadModel: { all: read('worker.js'), wasm: read('worker-wasm.js') },
};

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
    external: [/^node:/, /default-model-inline/, 'react'],
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

function expectAtMost(name: string, bytes: number, ceiling: number): void {
  console.log(`size of ${name}: ${bytes} bytes (ceiling ${ceiling})`);
  expect(bytes).toBeLessThanOrEqual(ceiling);
  expect(readFileSync('README.md', 'utf8'), 'the README says so').toContain(`| ${ceiling / 1000} kB |`);
}

const generateApp = `import { generate } from 'dist/index.js'; globalThis.app = generate;`;
const loadModelApp = `import { loadModel } from 'dist/index.js'; globalThis.app = loadModel;`;
let generatePage: Promise<OutputChunk[]> | undefined;
let loadModelPage: Promise<OutputChunk[]> | undefined;
/** Bundled once for all that look at them. */
const pages = {
  generate: () => (generatePage ??= bundle(generateApp, /load-in-worker/)),
  loadModel: () => (loadModelPage ??= bundle(loadModelApp, /load-(every-model|in-worker)/)),
};

describe('sizes, gzip', () => {
  test.each([
    ['generate', 'all', 68_400],
    ['generate', 'wasm', 47_900],
    ['loadModel', 'all', 114_300],
    ['loadModel', 'wasm', 91_300],
  ] as const)('%s, with the worker and all it holds: %s', async (name, backends, ceiling) => {
    const chunks = await pages[name]();
    const worker = { generate: './worker-embedded.js', loadModel: './worker.js' }[name];
    expect(codeOf(chunks).includes(worker), 'the worker client is counted').toBe(true);
    const bytes = sizeOf(chunks) + gzipBytes(workers[name][backends]);
    expectAtMost(`${name} + worker, ${backends}`, bytes, ceiling);
  });

  test('createTokenizer', async () => {
    const chunks = await bundle(
      `import { createTokenizer } from 'dist/tokenizer.js'; globalThis.app = createTokenizer;`,
    );
    expectAtMost('createTokenizer', sizeOf(chunks), 13_400);
  });

  test('createOpenAIHandler, beside loadModel', async () => {
    const app = `import { createOpenAIHandler } from 'dist/openai.js'; globalThis.handler = createOpenAIHandler;`;
    const both = await bundle(`${loadModelApp} ${app}`, /load-(every-model|in-worker)/);
    expectAtMost('createOpenAIHandler', sizeOf(both) - sizeOf(await pages.loadModel()), 6500);
  });

  test('createGptlet of the AI SDK, beside loadModel', async () => {
    const code = `import { loadModel } from 'dist/index.js'; import { createGptlet } from 'dist/ai-sdk.js'; globalThis.app = [loadModel, createGptlet];`;
    const both = await bundle(code, /load-(every-model|in-worker)/);
    expectAtMost('ai-sdk', sizeOf(both) - sizeOf(await pages.loadModel()), 5000);
  });

  test('the hooks for React, beside loadModel', async () => {
    const hooks = `import { useChat, useClassifier, useCompletion, useModel } from 'dist/react.js';
      globalThis.hooks = [useChat, useClassifier, useCompletion, useModel];`;
    const alone = sizeOf(await pages.loadModel());
    const both = sizeOf(await bundle(`${loadModelApp}${hooks}`, /load-(every-model|in-worker)/));
    expectAtMost('useModel, useCompletion, useChat and useClassifier', both - alone, 3000);
  });

  test('fineTune and loadHead, beside loadModel', async () => {
    const app = `import { fineTune, loadHead } from 'dist/training.js'; globalThis.training = [fineTune, loadHead];`;
    const alone = sizeOf(await pages.loadModel());
    const both = sizeOf(await bundle(`${loadModelApp}${app}`, /load-(every-model|in-worker)/));
    expectAtMost('training', both - alone, 20_500);
  });

  test('constraints, loaded with the first one', () => {
    expectAtMost('worker-constraint', gzipBytes(read('worker-constraint.js')), 25_100);
  });

  test('trainings of a body, loaded with the first one', () => {
    expectAtMost('worker-training', gzipBytes(read('worker-training.js')), 50_000);
  });

  test('prompt-api, beside loadModel', async () => {
    const code = `import { installLanguageModel } from 'dist/prompt-api.js'; globalThis.install = installLanguageModel;`;
    const both = await bundle(`${loadModelApp}\n${code}`);
    expectAtMost('prompt-api', sizeOf(both) - sizeOf(await bundle(loadModelApp)), 6000);
  });

  test('elements, beside loadModel and what comes with the first message, suggestion or scores', async () => {
    const chunks = await bundle(`import 'dist/elements.js';`);
    expect(codeOf(chunks)).toContain('gptlet-classify');
    expectAtMost('elements', sizeOf(chunks), 8000);
  });

  test('GptletError alone', async () => {
    const chunks = await bundle(`import { GptletError } from 'dist/index.js'; globalThis.app = GptletError;`);
    expectAtMost('GptletError', sizeOf(chunks), 1000);
  });
});

describe('what must not be in a bundle', () => {
  const found = (code: string, words: readonly string[]) => words.filter((word) => code.includes(word));

  test('heads and prompting are not in generate', async () => {
    const code = codeOf(await pages.loadModel());
    expect(found(code, ['premise', 'zeroShot', 'fewShot', 'calibrat'])).toEqual([]);
  });

  test('nothing of servers is in generate and loadModel', async () => {
    for (const page of [pages.generate(), pages.loadModel()])
      expect(found(codeOf(await page), ['event-stream', 'completions', 'baseURL', 'downloadBytes'])).toEqual([]);
  });

  test('no engine and no worker is in the tokenizer', async () => {
    const code = codeOf(
      await bundle(`import { createTokenizer } from 'dist/tokenizer.js'; globalThis.app = createTokenizer;`),
    );
    expect(found(code, ['requestAdapter', 'MessageChannel', 'new Worker', 'safetensors', 'temperature'])).toEqual([]);
  });

  test('the page itself gets no kernels: they are the worker’s', async () => {
    const code = codeOf(await pages.loadModel());
    expect(found(code, ['@compute', 'requestDevice', 'model.safetensors.index'])).toEqual([]);
  });

  test('nothing of WebGPU is in the workers for the CPU, nor what workers leave to the page', () => {
    for (const { all, wasm } of Object.values(workers)) {
      expect(found(wasm, ['requestAdapter', '@compute', 'GPUBufferUsage', 'createBindGroup'])).toEqual([]);
      for (const code of [all, wasm])
        expect(found(code, ['$defs', 'data.pkl', 'posix', 'node:', 'getBuiltinModule'])).toEqual([]);
      expect(found(all, ['requestAdapter', '@compute'])).toHaveLength(2);
    }
  });

  test('nothing of other models is in the workers that generate with the embedded one', () => {
    const others = ['gpt_neo', 'huggingface', '.index.json', 'createSyncAccessHandle', 'pytorch_model'];
    for (const code of Object.values(workers.generate)) expect(found(code, others)).toEqual([]);
    for (const code of Object.values(workers.loadModel)) expect(found(code, others)).toEqual(others);
  });

  test('the embedded model’s bytes are in no bundle', async () => {
    for (const chunk of await bundle(loadModelApp, /./))
      expect(chunk.code.length, chunk.fileName).toBeLessThan(600_000);
  });
});
