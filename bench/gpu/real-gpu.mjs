// The whole measurement on a real GPU in one go, under Node with Dawn. After `npm ci`:
//
//   node bench/gpu/real-gpu.mjs [--json FILE] [--record] [--dry] [--no-build] [--all] [--training] [f16 q8 q4 f32]
//
// `--all` is for a GPU that is there for minutes: it also runs check-real-gpu.mjs before and sweep.mjs after, which write their
// results to FILE.checks.json and FILE.sweep.json. Everything stops beginning new work after eight and a half minutes.
// It builds, makes GPT-2's 124M shape with seeded weights in place, and prints one table: tokens a second by dtype, where the
// time of a token goes, what share of the memory's limit that is, prefill, and every kind of kernel by timestamp queries.
// `--training` also runs training.mjs after, which writes to FILE.training.json.
// Needs a Vulkan, Metal or D3D12 driver; nothing is downloaded. `--record` writes the table into docs/measured.md; where the
// GPU is on another machine, record.mjs does so with the file of `--json`.
// $GPTLET_DAWN holds options for Dawn, comma-separated, such as `backend=vulkan` or `adapter=NVIDIA`.
// `--dry` rehearses on any adapter with a tiny model and few runs: its figures mean nothing. `--no-build` measures build/ as
// it is, for a machine that has nothing installed (pack-for-gpu.mjs makes a folder for one).
import { execFileSync } from 'node:child_process';
import { recordMeasured } from '../measured.mjs';
import { matrixUnits } from './matrix-units.mjs';
import { summary } from './measure.mjs';
import { openDawn } from './open-dawn.mjs';
import { describeRun, writeResults } from './results.mjs';
import { seededEngine, shape, shapes } from './seeded-model.mjs';
import { streamingRead } from './streaming-read.mjs';
import { timeKernels } from './time-kernels.mjs';

const args = process.argv.slice(2);
const take = (name, count) => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, count)[count - 1];
};
const [json, record, dry, built] = [take('--json', 2), take('--record', 1), take('--dry', 1), take('--no-build', 1)];
const [all, training] = [take('--all', 1), take('--training', 1)];
/** A call to a machine that is lent ends after ten minutes. */
const isLate = () => performance.now() > 510_000;
const dtypes = args.length > 0 ? args : ['f16', 'q8', 'q4', 'f32'];

if (!built) execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
/** Runs a script beside this one in a process of its own, so that neither's failure ends the other. */
function runScript(script, suffix, most) {
  const options = [...(json ? ['--json', `${json}.${suffix}.json`] : []), ...(dry ? ['--dry'] : [])];
  const more = script === 'check-real-gpu.mjs' ? ['--no-build'] : [];
  try {
    const timeout = Math.round(Math.min(most, 570_000 - performance.now()));
    execFileSync(process.execPath, [`bench/gpu/${script}`, ...more, ...options], { stdio: 'inherit', timeout });
  } catch (error) {
    console.error(`${script}: ${error}`);
  }
}
if (all) {
  if (!built) await (await import('./bundle-harness.mjs')).bundleHarness('build/gpu-harness.mjs');
  runScript('check-real-gpu.mjs', 'checks', 200_000);
}
const gpu = openDawn(process.env.GPTLET_DAWN?.split(','));
const [webgpu, tensor] = await Promise.all([
  import('../../build/sdk/backends/webgpu/index.js'),
  import('../../build/sdk/model/weight-shapes.js'),
]);
const config = dry ? shape({ nLayer: 2, nHead: 2, nEmbd: 64, vocabSize: 1000 }) : shapes['124M'];
const [runs, singles] = dry ? [1, 2] : [5, 100];
const warm = dry ? 0 : 500;
const [short, long] = dry ? [8, 64] : [128, 1024];
/** Tokens a readback, and readbacks of one generation. */
const [ahead, calls] = dry ? [4, 2] : [64, 5];

const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('There is no WebGPU adapter here. Install a Vulkan driver, or set $GPTLET_DAWN.');
const { vendor, architecture, description } = adapter.info;
const run = describeRun('node bench/gpu/real-gpu.mjs', adapter.info);
console.log('adapter:', vendor, architecture, description, '; features:', [...adapter.features].sort().join(' '));
const name = `${dry ? 'dry run' : '124M'} on ${[vendor, architecture, description].filter(Boolean).join(' ')}`;

const rows = [];
const row = (subject, metric, unit, values) =>
  rows.push({ suite: 'gpu', case: name, subject, metric, unit, ...summary([values].flat()) });

/** Milliseconds of `count` calls, after `warm` ms of calls that do not count: a GPU that has waited for a load runs slowly. */
async function milliseconds(count, call) {
  const warmUntil = performance.now() + warm;
  for (let run = 0; run < 2 || performance.now() < warmUntil; run++) await call();
  const times = [];
  for (let run = 0; run < count; run++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times;
}
/** Of the parts of a kernel those that tell it from others. */
function kernelName(label) {
  const [kind, parts = ''] = label.split(' (');
  return [kind, /input-(\w+)/.exec(parts)?.[1], /store-(\w+)/.exec(parts)?.[1]].filter(Boolean).join(' ');
}
/** After every dtype, so that a run that is cut short leaves something. */
function save() {
  if (json) writeResults(json, run, rows);
}
const perSecond = (tokens, times) => times.map((ms) => (tokens * 1000) / ms);

const read = await streamingRead(adapter, dry ? 2 ** 20 : 2 ** 27);
row('limit', 'streaming read', 'GB/s', read);
const bytesAMs = summary(read).median * 1e6;

/** What is wished for on the GPU that all was measured on, an H200. */
const goals = [
  [/^gptlet f16, Dawn$/, `decode from 128, ${ahead} a readback`, '>= 1,300'],
  [/^gptlet f16, Dawn$/, 'decode from 128, sampling from candidates', '>= 1,100'],
  [/^gptlet f16, Dawn$/, `prefill of ${long}`, '>= 60,000'],
  [/^gptlet q4/, `prefill of ${short}`, '>= 17,500, as f16 had'],
  [/^gptlet/, 'a token with candidates: the candidates alone', '<= 60'],
];

for (const dtype of dtypes) {
  if (isLate()) break;
  process.stderr.write(`${dtype}\n`);
  const { gpu: timedGpu, timing, take: takeTimes } = timeKernels(gpu);
  const subject = `gptlet ${dtype}, Dawn`;
  const started = performance.now();
  const engine = await seededEngine(webgpu, tensor, config, { dtype, gpu: timedGpu });
  row(subject, 'load', 'ms', performance.now() - started);
  row(subject, 'weights', 'MB', engine.bytes.weights / 1e6);

  const prompt = Uint32Array.from({ length: long }, (_, i) => (i * 7919) % config.vocabSize);
  for (const length of [short, long]) {
    const times = await milliseconds(runs, () => engine.forward(prompt.subarray(0, length), 0));
    row(subject, `prefill of ${length}`, 'tokens/s', perSecond(length, times));
  }

  const generation = await milliseconds(runs, async () => {
    for (let i = 0; i < calls; i++) await engine.decodeGreedy(1, 128 + i * ahead, ahead);
  });
  const single = await milliseconds(singles, () => engine.decodeGreedy(1, 128, 1));
  const sampled = await milliseconds(singles, () => engine.forwardCandidates(Uint32Array.of(1), 128));
  const late = await milliseconds(runs * 2, () => engine.decodeGreedy(1, 1000, 16));
  row(subject, `decode from 128, ${ahead} a readback`, 'tokens/s', perSecond(ahead * calls, generation));
  row(subject, 'decode from 128, 1 a readback', 'tokens/s', perSecond(1, single));
  row(subject, 'decode from 128, sampling from candidates', 'tokens/s', perSecond(1, sampled));
  row(subject, 'decode at 1000, 16 a readback', 'tokens/s', perSecond(16, late));

  // Read once a token: all weights but the position embedding, and the keys and values so far.
  const middle = 128 + (ahead * calls) / 2;
  const bytes = engine.bytes.weights - config.nCtx * config.nEmbd * 4 + (middle / config.nCtx) * engine.bytes.kvCache;
  const [total, one] = [summary(generation).median / (ahead * calls), summary(single).median];
  row(subject, 'a token: bandwidth (its bytes ÷ streaming read)', 'µs', (bytes / bytesAMs) * 1000);
  row(subject, 'a token: dispatch (the rest on the GPU)', 'µs', (total - bytes / bytesAMs) * 1000);
  row(subject, 'a token: submit and readback, 1 a readback', 'µs', (one - total) * 1000);
  row(subject, 'share of the limit', '%', (bytes / bytesAMs / total) * 100);
  timing.writing = 0;
  await engine.decodeGreedy(1, 128, ahead);
  row(subject, `a token: writing commands on the CPU, of ${ahead} a readback`, 'µs', (timing.writing / ahead) * 1000);

  if (!adapter.features.has('timestamp-query')) {
    await engine.dispose();
    continue;
  }
  await engine.decodeGreedy(1, 128, 1);
  timing.passes = true;
  await engine.decodeGreedy(1, 128, ahead);
  timing.passes = false;
  const { pass } = await takeTimes();
  row(subject, `a token: passes on the GPU, of ${ahead} a readback`, 'µs', pass.nanoseconds / ahead / 1000);
  for (const [what, unit, count, work] of [
    ['a token', 'µs a token', 16, () => engine.decodeGreedy(1, 128, 16)],
    [`a prefill of ${long}`, 'µs', 1, () => engine.forward(prompt, 0)],
    ['a token with candidates', 'µs a token', 1, () => engine.forwardCandidates(Uint32Array.of(1), 128)],
  ]) {
    timing.on = true;
    await work();
    timing.on = false;
    const kernels = Object.entries(await takeTimes());
    const sum = kernels.reduce((all, [, { nanoseconds }]) => all + nanoseconds, 0);
    row(subject, `${what}: all kernels, each in a pass of its own`, unit, sum / count / 1000);
    const picked = kernels.filter(([kernel]) => kernel.startsWith('candidates'));
    if (picked.length > 0) {
      const time = picked.reduce((total, [, { nanoseconds }]) => total + nanoseconds, 0);
      row(subject, `${what}: the candidates alone`, unit, time / count / 1000);
    }
    for (const [kernel, { dispatches, nanoseconds }] of kernels) {
      row(
        subject,
        `${what}: ${kernelName(kernel)}, ${dispatches / count} dispatches`,
        unit,
        nanoseconds / count / 1000,
      );
    }
  }
  await engine.dispose();
  save();
}

// Variants, each beside the default of the same moment.
const variants = {
  'prefill by matrix units': { matrices: matrixUnits(adapter.info) },
  'context of 256 in 4': { config: { ...config, nCtx: 256 }, splits: 4 },
  'context of 256 in 1': { config: { ...config, nCtx: 256 }, splits: 1 },
};
if (matrixUnits(adapter.info) === 0) {
  delete variants['prefill by matrix units'];
  console.log('matrix units: not offered by this adapter');
}
for (const [variant, { config: other = config, ...options }] of Object.entries(variants)) {
  if (isLate()) break;
  const subject = `gptlet f16, Dawn, ${variant}`;
  const engine = await seededEngine(webgpu, tensor, other, {
    dtype: 'f16',
    gpu,
    software: false,
    ...options,
  });
  const prompt = Uint32Array.from({ length: Math.min(long, other.nCtx - 1) }, (_, i) => (i * 7919) % config.vocabSize);
  const prefills = await milliseconds(runs, () => engine.forward(prompt, 0));
  row(subject, `prefill of ${prompt.length}`, 'tokens/s', perSecond(prompt.length, prefills));
  const times = await milliseconds(runs, () => engine.decodeGreedy(1, 128, ahead));
  row(subject, 'decode from 128', 'tokens/s', perSecond(ahead, times));
  await engine.dispose();
  save();
}

save();
console.log(name);
console.table(
  rows.map(({ subject, metric, median, min, max, unit, runs: n }) => {
    const goal = goals.find(([subjects, what]) => subjects.test(subject) && what === metric)?.[2] ?? '';
    return { subject, metric, median, goal, min, max, unit, n };
  }),
);
if (training && !isLate()) runScript('training.mjs', 'training', 200_000);
if (all && !isLate()) runScript('sweep.mjs', 'sweep', 300_000);
if (record && !dry) recordMeasured(rows, run.command, { where: run.machine, date: run.date });
process.exit(0);
