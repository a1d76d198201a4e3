// What each JavaScript file of dist/ is made from: one entry in sdk/, which tsc has compiled to build/sdk.
import { readFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { generatedModules } from './scripts/packaging/generated-modules.mjs';
import { inlineSource } from './scripts/packaging/inline-source.mjs';
import { minify } from './scripts/packaging/minify.mjs';
import { sourceMaps } from './scripts/packaging/source-maps.mjs';
import { thirdPartyNotices } from './scripts/packaging/third-party-notices.mjs';

/** scripts/build.mjs moves it to dist/ when all of it is there. */
const out = 'build/dist';

/** Node's own modules, and what the project that uses the package has. */
const external = [/^node:/, 'react'];
const reading = { external, plugins: [nodeResolve(), sourceMaps()] };
const writing = { sourcemap: true, plugins: [minify(), thirdPartyNotices()] };

/** One file without imports, which must run as a module worker and as a classic one; `inline`: also as a string in a module. */
const worker = (name, entry, { inline = false } = {}) => ({
  ...reading,
  input: `build/sdk/${entry}.js`,
  output: {
    ...writing,
    file: `${out}/${name}.js`,
    format: 'iife',
    inlineDynamicImports: true,
    plugins: [...writing.plugins, ...(inline ? [inlineSource(`${name}-inline.js`)] : [])],
  },
});

const workers = [
  // Every model and every call; the second without WebGPU, for pages that have none.
  worker('worker', 'worker/worker', { inline: true }),
  worker('worker-wasm', 'worker/worker-wasm'),
  // Generating with the embedded model.
  worker('worker-embedded', 'worker/embedded/worker'),
  worker('worker-embedded-wasm', 'worker/embedded/worker-wasm'),
  // Compiles constraints beside the page's thread.
  worker('worker-constraint', 'worker/worker-constraint', { inline: true }),
  // Trains beside the page's thread.
  worker('worker-training', 'training/worker/worker-training', { inline: true }),
];

/** What the exports map of package.json names, but for what is a file of its own above and below; and the command. */
const entryNames = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).exports)
  .filter((name) => !['./worker', './single', './package.json'].includes(name))
  .map((name) => (name === '.' ? 'index' : name.slice(2)))
  .concat('cli');

/** Chunks lie beside the entries, so that URLs relative to both agree. */
const entries = {
  ...reading,
  input: entryNames.map((name) => `build/sdk/${name}.js`),
  plugins: [
    generatedModules({
      out,
      beside: [
        'worker-inline.js',
        'worker-constraint-inline.js',
        'worker-training-inline.js',
        'default-model-inline.js',
      ],
    }),
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
      beside: ['worker-constraint-inline.js', 'worker-training-inline.js', 'default-model-inline.js'],
      inside: ['worker-inline.js'],
    }),
    ...reading.plugins,
  ],
  output: { ...writing, file: `${out}/gptlet.single.js`, format: 'es', inlineDynamicImports: true },
};

// Workers first: the other two hold one.
export default [...workers, entries, single];
