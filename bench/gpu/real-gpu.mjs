// The whole measurement on a real GPU in one go, under Node with Dawn: node bench/gpu/real-gpu.mjs [f16 q8 q4 f32]
//
// Needs Node, `npm ci`, `node scripts/build.mjs` and a Vulkan, Metal or D3D12 driver; weights are made in place, nothing is
// downloaded. Prints one table. $GPTLET_DAWN holds options for Dawn, comma-separated, such as `backend=vulkan` or
// `adapter=NVIDIA`; $GPTLET_BANDWIDTH the GPU's memory bandwidth in GB/s, for the fraction of the limit.
import { openDawn } from './open-dawn.mjs';
import { seededEngine, shapes } from './seeded-model.mjs';
import { timeKernels } from './time-kernels.mjs';

const gpu = openDawn(process.env.GPTLET_DAWN?.split(',') ?? []);
const [webgpu, tensor] = await Promise.all([
  import('../../build/sdk/backends/webgpu/index.js'),
  import('../../build/sdk/model/tensor.js'),
]);
const bandwidth = Number(process.env.GPTLET_BANDWIDTH ?? 0);
const config = shapes['124M'];
const table = [];
const line = (dtype, what, value, unit) => table.push({ dtype, what, value: Number(value.toPrecision(4)), unit });

const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('There is no WebGPU adapter here. Install a Vulkan driver, or set $GPTLET_DAWN.');
console.log(`${adapter.info.vendor} ${adapter.info.architecture} ${adapter.info.description}`);

/** Median milliseconds of `runs` calls, after two that do not count. */
async function milliseconds(runs, call) {
  const times = [];
  for (let run = -2; run < runs; run++) {
    const start = performance.now();
    await call();
    if (run >= 0) times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[runs >> 1];
}

const dtypes = process.argv.length > 2 ? process.argv.slice(2) : ['f16', 'q8', 'q4', 'f32'];
for (const dtype of dtypes) {
  const { gpu: timedGpu, timing, take } = timeKernels(gpu);
  const started = performance.now();
  const engine = await seededEngine(webgpu, tensor, config, { dtype, gpu: timedGpu });
  line(dtype, 'load', performance.now() - started, 'ms');
  line(dtype, 'weights', engine.bytes.weights / 1e6, 'MB');

  const prompt = Uint32Array.from({ length: 1024 }, (_, i) => (i * 7919) % config.vocabSize);
  for (const length of [128, 1024]) {
    const ms = await milliseconds(5, () => engine.forward(prompt.subarray(0, length), 0));
    line(dtype, `prefill of ${length}`, (length * 1000) / ms, 'tokens/s');
  }
  // Five calls of 64 from a prompt of 128 on, as one generation of 320 tokens would.
  const ahead = await milliseconds(5, async () => {
    for (let i = 0; i < 5; i++) await engine.decodeGreedy(1, 128 + i * 64, 64);
  });
  line(dtype, 'decode from 128, 64 a readback', 320_000 / ahead, 'tokens/s');
  const single = await milliseconds(200, () => engine.decodeGreedy(1, 128, 1));
  line(dtype, 'decode from 128, 1 a readback', 1000 / single, 'tokens/s');
  line(dtype, 'of that, submit and readback', single - ahead / 320, 'ms a token');
  line(
    dtype,
    'sampling from candidates',
    1000 / (await milliseconds(200, () => engine.forwardCandidates(Uint32Array.of(1), 128))),
    'tokens/s',
  );
  line(
    dtype,
    'decode at 1000, 16 a readback',
    16_000 / (await milliseconds(20, () => engine.decodeGreedy(1, 1000, 16))),
    'tokens/s',
  );
  if (bandwidth) {
    // Read once a token: all weights but the position embedding, and the keys and values so far (about 288 tokens).
    const read = engine.bytes.weights - config.nCtx * config.nEmbd * 4 + (288 / config.nCtx) * engine.bytes.kvCache;
    line(dtype, 'limit by bandwidth', (bandwidth * 1e9) / read, 'tokens/s');
    line(dtype, 'fraction of the limit', (320_000 / ahead / ((bandwidth * 1e9) / read)) * 100, '%');
  }
  timing.on = true;
  await engine.decodeGreedy(1, 128, 1);
  await take();
  await engine.decodeGreedy(1, 128, 16);
  timing.on = false;
  const byKernel = await take();
  let sum = 0;
  for (const [kernel, { dispatches, nanoseconds }] of Object.entries(byKernel)) {
    sum += nanoseconds;
    line(dtype, `${kernel}, ${dispatches / 16} a token`, nanoseconds / 16 / 1000, 'µs a token');
  }
  line(dtype, 'all kernels, one a pass', sum / 16 / 1000, 'µs a token');
  line(dtype, 'all between submits, one pass', (ahead / 320) * 1000, 'µs a token');
  await engine.dispose();
}
console.table(table);
process.exit(0);
