// Builds dist/ from sources, running only the steps whose inputs changed. Usage: node scripts/build.mjs [--force]
//   wasm/           → sdk/**/*-wasm.gen.ts                             AssemblyScript, compiled, as text
//   shaders/        → sdk/backends/webgpu/{,rare-}shaders.gen.ts       WGSL as text; layouts.gen.ts: offsets of its structs
//                     sdk/gradients/webgpu/shaders.gen.ts              those of training
//   wasm/kernels    → sdk/backends/wasm/layouts.gen.ts                 offsets of its structs, constants
//   models/default  → sdk/worker/embedded/embedded-model.gen.ts        what the embedded worker knows of its model
//   sdk/            → build/sdk/                                       JavaScript and declarations, a file for each
//   models/default  → build/default-model-inline.js                    the model inside JavaScript, quantised by build/sdk
//   build/          → dist/                                            bundles (rollup.config.mjs), declarations, that model
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { copyDeclarations } from './packaging/declarations.mjs';
import { runIfChanged } from './packaging/fingerprint.mjs';
import { wasmModules } from './packaging/wasm-modules.mjs';

const embeddedModel = 'sdk/worker/embedded/embedded-model.gen.ts';
const inlineModel = 'build/default-model-inline.js';

/** Entries of package.json's exports, as declarations. */
const publicDeclarations = () =>
  Object.values(JSON.parse(readFileSync('package.json', 'utf8')).exports).flatMap(
    ({ types }) => types?.replace('./dist/types/', '') ?? [],
  );

/** Brings dist/ up to date with the sources in `root`. Returns whether anything had to be done. */
export async function build(root, { force = false } = {}) {
  process.chdir(root);
  if (force) for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });
  const ran = [];
  for (const step of steps()) ran.push(await runIfChanged(step));
  return ran.includes(true);
}

/** What decides how a WebAssembly module becomes text. */
const packing = ['scripts/packaging/wasm-modules.mjs', 'scripts/packaging/pack-bytes.mjs'];

function* steps() {
  for (const folder of new Set(wasmModules.map((module) => module.folder))) {
    const imports = wasmModules.find((module) => module.folder === folder).imports ?? [];
    yield {
      name: `wasm ${folder}`,
      inputs: [
        ...[folder, ...imports].map((name) => `wasm/${name}`),
        'wasm/asconfig.json',
        'scripts/build-wasm.mjs',
        ...packing,
      ],
      outputs: wasmModules.filter((module) => module.folder === folder).map(({ out }) => out),
      run: () => node('scripts/build-wasm.mjs', folder),
    };
  }
  yield {
    name: 'shaders',
    inputs: ['shaders', 'scripts/generate-shaders.mjs'],
    outputs: [
      ...['shaders', 'rare-shaders', 'layouts'].map((name) => `sdk/backends/webgpu/${name}.gen.ts`),
      'sdk/gradients/webgpu/shaders.gen.ts',
    ],
    run: () => node('scripts/generate-shaders.mjs'),
  };
  yield {
    name: 'kernel layouts',
    inputs: ['wasm/kernels', 'scripts/generate-kernel-layouts.mjs'],
    outputs: ['sdk/backends/wasm/layouts.gen.ts'],
    run: () => node('scripts/generate-kernel-layouts.mjs'),
  };
  yield {
    name: 'embedded model, described',
    // Of the code, what reads its files.
    inputs: [
      'models/default',
      'scripts/generate-embedded-model.mjs',
      'sdk/checkpoint',
      'sdk/model',
      'sdk/tokenizer',
      'sdk/worker/embedded/plan-embedded.ts',
      'sdk/worker/embedded/checksum.ts',
    ],
    ignore: (path) => isTest(path) || path.endsWith('.gen.ts'),
    outputs: [embeddedModel],
    run: () => node('scripts/generate-embedded-model.mjs', 'models/default', embeddedModel),
  };
  yield {
    name: 'compile',
    inputs: ['sdk', 'tsconfig.json', 'tsconfig.build.json'],
    ignore: isTest,
    outputs: ['build/sdk/index.js', 'build/sdk/index.d.ts'],
    run() {
      rmSync('build/sdk', { recursive: true, force: true });
      node('node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json');
    },
  };
  yield {
    name: 'embedded model',
    // Of the code, what decides how weights are quantised and written.
    inputs: [
      'models/default',
      'scripts/packaging/default-model-inline.mjs',
      'build/sdk/quantising',
      'build/sdk/checkpoint/quantised-format.js',
      'build/sdk/cli/quantize.js',
      'build/sdk/cli/quantised-weight.js',
    ],
    outputs: [inlineModel],
    run: () => node('scripts/packaging/default-model-inline.mjs', 'models/default', inlineModel),
  };
  yield {
    name: 'bundle',
    inputs: ['build/sdk', inlineModel, 'rollup.config.mjs', 'scripts/packaging', 'package-lock.json'],
    outputs: [
      'dist/index.js',
      'dist/worker.js',
      'dist/worker-wasm.js',
      'dist/worker-constraint.js',
      'dist/worker-training.js',
      'dist/worker-embedded.js',
      'dist/worker-embedded-wasm.js',
      'dist/gptlet.single.js',
      'dist/types/index.d.ts',
    ],
    run() {
      // Whoever uses dist/ meanwhile keeps the old one until the new one is whole.
      rmSync('build/dist', { recursive: true, force: true });
      node('node_modules/rollup/dist/bin/rollup', '--config', '--silent');
      copyDeclarations(publicDeclarations(), 'build/sdk', 'build/dist/types');
      copyFileSync(inlineModel, 'build/dist/default-model-inline.js');
      rmSync('dist', { recursive: true, force: true });
      renameSync('build/dist', 'dist');
    },
  };
}

const isTest = (path) => /\.test\.ts$|\.test-d\.ts$|\/(testing|reference)$/.test(path);

function node(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} failed`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const changed = await build(root, { force: process.argv.includes('--force') });
  console.error(changed ? 'Built dist/.' : 'dist/ is up to date.');
}
