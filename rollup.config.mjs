// What each JavaScript file of dist/ is made from: one entry in sdk/, which tsc has compiled to build/sdk.
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { generatedModules } from './scripts/packaging/generated-modules.mjs';
import { inlineSource } from './scripts/packaging/inline-source.mjs';
import { minify } from './scripts/packaging/minify.mjs';
import { sourceMaps } from './scripts/packaging/source-maps.mjs';
import { thirdPartyNotices } from './scripts/packaging/third-party-notices.mjs';
import { workerParts } from './scripts/packaging/worker-parts.mjs';

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

const reading = { external: [/^node:/], plugins: [nodeResolve(), sourceMaps()] };
const writing = { sourcemap: true, plugins: [minify(), thirdPartyNotices()] };

/** One file without imports, which must run as a module worker and as a classic one; `inline`: also as a string in a module. */
const worker = (name, entry, { inline = false, standIns = [] } = {}) => ({
  ...reading,
  input: `build/sdk/worker/${entry}.js`,
  plugins: [workerParts(Object.assign({}, ...standIns)), ...reading.plugins],
  output: {
    ...writing,
    file: `${out}/${name}.js`,
    format: 'iife',
    inlineDynamicImports: true,
    plugins: [...writing.plugins, ...(inline ? [inlineSource(`${name}-inline.js`)] : [])],
  },
});

const workers = [
  // All of loadModel; the second without WebGPU, for pages that have none.
  worker('worker', 'worker', { inline: true, standIns: [byPage, warnByPage, withoutNode] }),
  worker('worker-wasm', 'worker', { standIns: [byPage, warnByPage, withoutNode, wasmOnly] }),
  // Generating with the embedded model.
  worker('worker-embedded', 'embedded/worker', { standIns: [warnByPage, generating, generatingByGpu] }),
  worker('worker-embedded-wasm', 'embedded/worker', { standIns: [generating, wasmOnly] }),
  // Compiles constraints beside the page's thread.
  worker('worker-constraint', 'constraint-worker', { inline: true }),
];

/** What the exports map of package.json names. Chunks lie beside the entries, so that URLs relative to both agree. */
const entries = {
  ...reading,
  input: ['index', 'tokenizer', 'sampler', 'heads', 'prompting', 'cli'].map((name) => `build/sdk/${name}.js`),
  plugins: [
    generatedModules({ out, beside: ['worker-inline.js', 'worker-constraint-inline.js', 'default-model-inline.js'] }),
    ...reading.plugins,
  ],
  output: { ...writing, dir: out, format: 'es', chunkFileNames: 'chunk-[name]-[hash].js' },
};

/** Everything in one file, for `<script type="module">` from a CDN; only the weights stay outside, and the worker for constraints. */
const single = {
  ...reading,
  input: 'build/sdk/single.js',
  plugins: [
    generatedModules({
      out,
      beside: ['worker-constraint-inline.js', 'default-model-inline.js'],
      inside: ['worker-inline.js'],
    }),
    ...reading.plugins,
  ],
  output: { ...writing, file: `${out}/gptlet.single.js`, format: 'es', inlineDynamicImports: true },
};

// Workers first: the other two hold one.
export default [...workers, entries, single];
