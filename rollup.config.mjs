import { nodeResolve } from '@rollup/plugin-node-resolve';
import { generatedModules } from './scripts/packaging/generated-modules.mjs';
import { inlineSource } from './scripts/packaging/inline-source.mjs';
import { minify } from './scripts/packaging/minify.mjs';
import { sourceMaps } from './scripts/packaging/source-maps.mjs';
import { thirdPartyNotices } from './scripts/packaging/third-party-notices.mjs';
import { workerParts } from './scripts/packaging/worker-parts.mjs';

const plugins = [nodeResolve(), sourceMaps()];
const external = [/^node:/];

/** What a worker asks its page for (code that few calls need, which the page loads when they do), and what it never needs. */
const byPage = {
  'build/sdk/backends/wasm/kernels-on-demand.js': 'build/sdk/worker/by-page/kernels-on-demand.js',
  'build/sdk/constraint/compile-on-demand.js': 'build/sdk/worker/by-page/compile-on-demand.js',
  'build/sdk/checkpoint/pytorch-on-demand.js': 'build/sdk/worker/by-page/pytorch-on-demand.js',
  'build/sdk/tokenizer/every-kind-on-demand.js': 'build/sdk/worker/by-page/every-kind-on-demand.js',
};
const withoutNode = {
  'build/sdk/platform/node-module.js': 'build/sdk/worker/without-node.js',
  'build/sdk/checkpoint/sources/node-directory.js': 'build/sdk/worker/without-node.js',
};
const warnByPage = { 'build/sdk/platform/warn.js': 'build/sdk/worker/by-page/warn.js' };

/** The same worker without WebGPU, for pages that have none. */
const wasmOnly = { 'build/sdk/loading/backends.js': 'build/sdk/worker/wasm-only.js' };

/** Generating in its plain form; and what the worker for that never asks its engine for, and files that it never reads. */
const withoutQueries = (...paths) =>
  Object.fromEntries(paths.map((path) => [`build/sdk/${path}`, 'build/sdk/worker/embedded/without-queries.js']));
const generating = {
  // Which kernels a machine wants shows when it runs; those without byte products come from the page.
  'build/sdk/backends/wasm/kernels-on-demand.js': 'build/sdk/worker/by-page/kernels-on-demand.js',
  'build/sdk/generation/generate-once.js': 'build/sdk/worker/embedded/generate-once.js',
  ...withoutQueries(
    'backends/forward-in-turn.js',
    'backends/wasm/forward-together.js',
    'backends/wasm/inspect.js',
    'backends/wasm/pack-quantised.js',
    'backends/wasm/thread-count.js',
    'backends/wasm/thread-pool.js',
    'checkpoint/quantised-stream.js',
  ),
};
const generatingByGpu = withoutQueries('backends/webgpu/inspect-chunks.js', 'backends/webgpu/prefill-together.js');

/** scripts/build.mjs moves it to dist/ when all of it is there. */
const out = 'build/dist';

/** One self-contained file without imports: it must run as a module worker and as a classic one. */
const worker = (file, parts, { entry = 'worker', emit = [] } = {}) => ({
  input: `build/sdk/worker/${entry}.js`,
  external,
  plugins: [workerParts(Object.assign({}, ...parts)), ...plugins],
  output: {
    file: `${out}/${file}`,
    format: 'iife',
    inlineDynamicImports: true,
    sourcemap: true,
    plugins: [minify(), ...emit],
  },
});

/** Compiles constraints beside the page's thread. */
const constraintWorker = {
  input: 'build/sdk/worker/constraint-worker.js',
  plugins,
  output: {
    file: `${out}/worker-constraint.js`,
    format: 'iife',
    sourcemap: true,
    plugins: [minify(), inlineSource('worker-constraint-inline.js')],
  },
};

const simple = { entry: 'embedded/worker' };
const workers = [
  worker('worker.js', [byPage, warnByPage, withoutNode], {
    emit: [inlineSource('worker-inline.js'), thirdPartyNotices()],
  }),
  worker('worker-wasm.js', [byPage, warnByPage, withoutNode, wasmOnly]),
  worker('worker-embedded.js', [warnByPage, generating, generatingByGpu], simple),
  worker('worker-embedded-wasm.js', [generating, wasmOnly], simple),
];

/** What the exports map of package.json names. Chunks lie beside the entries, so that URLs relative to both agree. */
const entries = {
  input: {
    index: 'build/sdk/index.js',
    tokenizer: 'build/sdk/tokenizer.js',
    sampler: 'build/sdk/sampler.js',
    heads: 'build/sdk/heads.js',
    prompting: 'build/sdk/prompting.js',
    cli: 'build/sdk/cli.js',
  },
  external,
  plugins: [
    generatedModules({
      out,
      external: ['worker-inline.js', 'worker-constraint-inline.js', 'default-model-inline.js'],
    }),
    ...plugins,
  ],
  output: {
    dir: out,
    format: 'es',
    chunkFileNames: 'chunk-[name]-[hash].js',
    sourcemap: true,
    plugins: [minify(), thirdPartyNotices()],
  },
};

/** Everything in one file, for `<script type="module">` from a CDN; only the weights stay outside. */
const single = {
  input: 'gptlet-single',
  external,
  plugins: [
    generatedModules({
      out,
      external: ['worker-constraint-inline.js', 'default-model-inline.js'],
      everything: Object.values(entries.input).slice(0, 5),
    }),
    ...plugins,
  ],
  output: {
    file: `${out}/gptlet.single.js`,
    format: 'es',
    inlineDynamicImports: true,
    sourcemap: true,
    plugins: [minify()],
  },
};

export default [...workers, constraintWorker, entries, single];
