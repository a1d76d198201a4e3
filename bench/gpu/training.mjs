// How fast a real GPU trains, under Node with Dawn: tokens a second of low-rank pairs and of all weights, on the 124M shape with seeded weights.
//
//   node bench/gpu/training.mjs [--json FILE] [--dry]
//
// A step is 8 sequences of 128 tokens, next-token loss, rank 8 on all linear layers, forward, back and AdamW, until its loss has been read. Needs
// a build; real-gpu.mjs --training runs it behind the rest. record.mjs writes the file of `--json` into docs/measured.md. `--dry` takes a
// tiny model: its figures mean nothing, and Dawn's backend that runs nothing (GPTLET_DAWN=backend=null) will do.
import { countWork } from './count-work.mjs';
import { summary } from './measure.mjs';
import { openDawn } from './open-dawn.mjs';
import { describeRun, writeResults } from './results.mjs';
import { setSeeded, shape, shapes } from './seeded-model.mjs';

const args = process.argv.slice(2);
const [dry, json] = [args.includes('--dry'), args.includes('--json') && args[args.indexOf('--json') + 1]];
const gpu = openDawn(process.env.GPTLET_DAWN?.split(','));
const [{ webGpuExecutor }, { createPlan }, tensor, { importQuantiser }] = await Promise.all([
  import('../../build/sdk/gradients/webgpu/webgpu-executor.js'),
  import('../../build/sdk/gradients/graph/create-plan.js'),
  import('../../build/sdk/model/weight-shapes.js'),
  import('../../build/sdk/quantising/import-quantiser.js'),
]);
const config = dry ? shape({ nLayer: 2, nHead: 2, nEmbd: 64, vocabSize: 500 }) : shapes['124M'];
const [length, batch, warm, steps] = dry ? [16, 2, 1, 2] : [128, 8, 5, 30];
const tokens = length * batch;
const rank = 8;

const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('There is no WebGPU adapter here. Install a Vulkan driver, or set $GPTLET_DAWN.');
const run = describeRun('node bench/gpu/training.mjs', adapter.info);
const { vendor, architecture, description } = adapter.info;
const name = `${dry ? 'dry run' : '124M'} on ${[vendor, architecture, description].filter(Boolean).join(' ')}`;
const rows = [];

const slots = tensor.weightShapes(config).flatMap(({ name, rows: outputs, columns: inputs }) => {
  const [, block, linear] = /^blocks\.(\d+)\.((?:attention|mlp)\.\w+)\.weight$/.exec(name) ?? [];
  return linear ? [{ block: Number(block), linear, firstOutput: 0, outputs, inputs }] : [];
});
const lora = { kind: 'lora', slots, rank, alpha: 16, dropout: 0 };
const recipes = [
  ['low-rank pairs on f32', lora, 'f32'],
  ['low-rank pairs on q8', lora, 'q8'],
  ['low-rank pairs on q4', lora, 'q4'],
  ['all weights', { kind: 'full' }, 'f32'],
];
for (const [recipe, method, dtype] of recipes) {
  const plan = createPlan({
    ...{ config, method, dtype, language: true, dropout: 0, checkpointing: false },
    ...{ mostTokens: tokens, mostOutputs: 0 },
    adamW: { decay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxNorm: 1 },
  });
  const { gpu: counting, take } = countWork(gpu);
  const started = performance.now();
  const executor = await webGpuExecutor({ loadQuantiser: importQuantiser, gpu: counting })(plan, {});
  await setSeeded(executor, tensor, config);
  const inputs = (value) => Int32Array.from({ length: tokens }, (_, n) => value(n));
  executor.write(
    'tokenIds',
    inputs((n) => (n * 7919) % config.vocabSize),
  );
  executor.write(
    'targets',
    inputs((n) => ((n + 1) * 7919) % config.vocabSize),
  );
  executor.write(
    'positions',
    inputs((n) => n % length),
  );
  executor.write(
    'sequenceStart',
    inputs((n) => n - (n % length)),
  );
  executor.write(
    'sequenceEnd',
    inputs((n) => n - (n % length) + length),
  );
  executor.write('targetWeights', new Float32Array(tokens).fill(1 / tokens));
  const step = async () => {
    const parameters = { tokens, outputs: 0, dropoutSeed: 1, learningRate: 1e-4, correction1: 1, correction2: 1 };
    await executor.run(['clear', 'gradients', 'update'], parameters);
    await executor.read('losses', 0, 2);
    await executor.read('norm', 0, 1);
  };
  for (let i = 0; i < warm; i++) await step();
  const start = performance.now() - started;
  take();
  const times = [];
  for (let i = 0; i < steps; i++) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
  }
  const counts = take();
  const row = (metric, unit, values) =>
    rows.push({ suite: 'gpu', case: name, subject: recipe, metric, unit, ...summary([values].flat()) });
  row(
    `a step of ${tokens} tokens`,
    'tokens/s',
    times.map((ms) => (tokens * 1000) / ms),
  );
  row('memory', 'MB', executor.bytes / 1e6);
  row('from a plan to the first steps', 'ms', start);
  row('a step: dispatches', '', counts.dispatches / steps);
  row(
    'a step: objects made',
    '',
    (counts.buffersCreated + counts.bindGroupsCreated + counts.pipelinesCompiled) / steps,
  );
  row('a step: bytes read back', '', counts.bytesRead / steps);
  executor.dispose();
  if (json) writeResults(json, run, rows);
}
console.log(name);
console.table(
  rows.map(({ subject, metric, median, min, max, unit, runs: n }) => ({ subject, metric, median, min, max, unit, n })),
);
process.exit(0);
