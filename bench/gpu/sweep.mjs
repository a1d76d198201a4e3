// Which sizes suit a GPU, under Node with Dawn: the 124M shape with one thing changed at a time, each beside the defaults.
//
//   node bench/gpu/sweep.mjs [--json FILE] [--dry] [f16|f32|q8|q4]
//
// Changed are lanes of a workgroup (rewritten in the WGSL as it is compiled), workgroups that share a context, and tokens of a
// chunk. Needs a build. record.mjs writes the file of `--json` into docs/measured.md. Variants are timed in turns, so that a drift of clocks meets all of them; a figure is a median.
import { summary } from './measure.mjs';
import { openDawn } from './open-dawn.mjs';
import { describeRun, writeResults } from './results.mjs';
import { setSeeded, shape, shapes } from './seeded-model.mjs';

const args = process.argv.slice(2);
const [dry, json] = [args.includes('--dry'), args.includes('--json') && args[args.indexOf('--json') + 1]];
const dtype = args.find((arg) => /^(f16|f32|q8|q4)$/.test(arg)) ?? 'f16';
const gpu = openDawn(process.env.GPTLET_DAWN?.split(','));
const [webgpu, tensor] = await Promise.all([
  import('../../build/sdk/backends/webgpu/index.js'),
  import('../../build/sdk/model/weight-shapes.js'),
]);
const config = dry ? shape({ nLayer: 1, nHead: 2, nEmbd: 64, vocabSize: 500 }) : shapes['124M'];
const [long, ahead, rounds] = dry ? [64, 2, 1] : [1024, 64, 3];

const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
const device = await adapter.requestDevice({
  requiredFeatures: ['subgroups'].filter((name) => adapter.features.has(name)),
});
/** The buffers of the weights, in the order in which they are made: all engines share them. */
const weights = [];

/** A GPU with the one device, whose kernels of some name have another constant: lanes, unless it is named. */
function view(kernels, count, constant = 'WG') {
  let made = 0;
  const changed = {
    createBuffer(descriptor) {
      if (!loading) return device.createBuffer(descriptor);
      weights[made] ??= device.createBuffer(descriptor);
      return weights[made++];
    },
    createShaderModule({ label, code }) {
      const declared = new RegExp(`const ${constant}:u32=\\d+`);
      const other = kernels?.test(label) ? code.replace(declared, `const ${constant}:u32=${count}`) : code;
      return device.createShaderModule({ label, code: other });
    },
  };
  const viewed = new Proxy(device, {
    get(_, name) {
      const value = changed[name] ?? device[name];
      return typeof value === 'function' ? value.bind(device) : value;
    },
    set: (_, name, value) => Reflect.set(device, name, value),
  });
  return {
    requestAdapter: async () => ({ ...bare(adapter), requestDevice: async () => viewed }),
  };
}
const bare = ({ info, features, limits }) => ({ info, features, limits });
let loading = false;

const variants = {
  defaults: {},
  'matvec of 32 lanes': { gpu: view(/^matvec/, 32) },
  'matvec of 128 lanes': { gpu: view(/^matvec/, 128) },
  'matvec of 256 lanes': { gpu: view(/^matvec/, 256) },
  'attention of 64 lanes': { gpu: view(/^attention /, 64) },
  'attention of 128 lanes': { gpu: view(/^attention /, 128) },
  'matmul that fetches ahead': { gpu: view(/^matmul /, 1, 'AHEAD') },
  'no subgroups': { subgroups: false },
  'context in 1': { splits: 1 },
  'context in 8': { splits: 8 },
  'context in 16': { splits: 16 },
  'chunks of 256': { chunk: 256 },
  'chunks of 1024': { chunk: 1024 },
};

const prompt = Uint32Array.from({ length: long }, (_, i) => (i * 7919) % config.vocabSize);
const works = {
  [`prefill of ${long}`]: [long, (engine) => engine.forward(prompt, 0)],
  'prefill of 128': [128, (engine) => engine.forward(prompt.subarray(0, 128), 0)],
  [`decode from 128, ${ahead} a readback`]: [ahead, (engine) => engine.decodeGreedy(1, 128, ahead)],
  [`decode from ${long - ahead}, ${ahead} a readback`]: [
    ahead,
    (engine) => engine.decodeGreedy(1, long - ahead, ahead),
  ],
};
if (dry) delete works['prefill of 128'];
const names = dry ? ['defaults', 'matvec of 32 lanes'] : Object.keys(variants);

const speeds = {};
const engines = {};
for (const name of names) {
  const all = { dtype, gpu: view(), software: false, subgroups: !dry, ...variants[name] };
  loading = true;
  const builder = await webgpu.createWebGpuEngineBuilder(config, all);
  loading = false;
  if (name === 'defaults') await setSeeded(builder, tensor, config);
  engines[name] = await builder.finish();
  process.stderr.write(`${name}: ${Math.round(performance.now())} ms\n`);
}
for (let round = -1; round < rounds; round++) {
  for (const [name, engine] of Object.entries(engines)) {
    for (const [work, [tokens, run]] of Object.entries(works)) {
      const start = performance.now();
      await run(engine);
      const speed = (tokens * 1000) / (performance.now() - start);
      if (round >= 0) ((speeds[name] ??= {})[work] ??= []).push(speed);
    }
  }
  const rows = Object.entries(speeds).flatMap(([subject, all]) =>
    Object.entries(all).map(([metric, values]) => ({ dtype, subject, metric, unit: 'tokens/s', ...summary(values) })),
  );
  if (json) writeResults(json, describeRun('node bench/gpu/sweep.mjs', adapter.info), rows);
}
const median = (values) => Math.round(summary(values).median);
for (const [name, all] of Object.entries(speeds)) {
  console.log(
    `${name}: ${Object.entries(all)
      .map(([work, values]) => `${work} ${median(values)}`)
      .join('; ')}`,
  );
}
process.exit(0);
