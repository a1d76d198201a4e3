// Products of a training alone, in GFLOP/s (the best of 15 runs): node bench/gradients/products.mjs [threads …]. Takes a Node that reads TypeScript (22.18 or later).
import { createWasmExecutor } from '../../sdk/gradients/wasm/index.ts';

const rows = 1024;
// Of the embedded model (width 256), of GPT-2 (768), and the low-rank pairs of both.
const shapes = [
  [768, 256],
  [256, 256],
  [1024, 256],
  [256, 1024],
  [4096, 256],
  [8, 256],
  [256, 8],
  [2304, 768],
  [768, 768],
  [3072, 768],
  [768, 3072],
  [8, 768],
  [768, 8],
];
const kernels = ['matmul', 'matmulGradient', 'weightGradient'];
const dtypes = process.argv.includes('--quantised') ? ['f32', 'q8', 'q4'] : ['f32'];
const threads = process.argv.slice(2).filter(Number).map(Number);

const stepOf = (kernel, O, I) => {
  const all = { of: 'tokens', first: 0, most: rows };
  const x = { buffer: 'x', offset: 0, stride: I };
  const y = { buffer: 'y', offset: 0, stride: O };
  const sizes = { kernel, rows: all, outputs: O, inputs: I, scale: 1 };
  if (kernel === 'weightGradient') return { ...sizes, x, dOut: y, dW: { buffer: 'dW', offset: 0, stride: I } };
  const product = { ...sizes, matrix: 'W', firstOutput: 0, accumulate: false };
  return kernel === 'matmul' ? { ...product, x, out: y } : { ...product, dOut: y, dX: x };
};

async function measure(kernel, O, I, dtype, threads) {
  const matrix = { name: 'W', rows: O, columns: I };
  const buffers = { x: rows * I, y: rows * O, W: O * I, dW: O * I };
  const flops = 2 * rows * O * I;
  const times = Math.max(1, Math.round(3e8 / flops));
  const step = stepOf(kernel, O, I);
  const plan = {
    buffers: Object.entries(buffers).map(([name, length]) => ({ name, length, type: 'f32' })),
    matrices: [
      dtype === 'f32'
        ? { ...matrix, dtype, buffer: 'W', offset: 0 }
        : { ...matrix, dtype, group: 32, K: Math.ceil(I / 32) * 32 },
    ],
    parameters: [],
    frozen: [],
    phases: { clear: [], gradients: Array(times).fill(step), forward: [], update: [] },
    mostTokens: rows,
    mostOutputs: 0,
  };
  const executor = await createWasmExecutor(plan, { threads });
  for (const [name, length] of Object.entries(buffers)) {
    executor.write(
      name,
      Float32Array.from({ length }, () => (Math.random() - 0.5) / 16),
    );
  }
  const seconds = [];
  for (let i = 0; i < 15; i++) {
    const start = performance.now();
    await executor.run(['gradients'], {
      tokens: rows,
      outputs: 0,
      dropoutSeed: 0,
      learningRate: 0,
      correction1: 1,
      correction2: 1,
    });
    await executor.read('x', 0, 1);
    seconds.push((performance.now() - start) / 1000);
  }
  executor.dispose();
  return (flops * times) / Math.min(...seconds) / 1e9;
}

for (const dtype of dtypes) {
  for (const kernel of kernels) {
    if (kernel === 'weightGradient' && dtype !== 'f32') continue;
    for (const [O, I] of shapes) {
      const speeds = [];
      for (const n of threads.length ? threads : [1, 2])
        speeds.push((await measure(kernel, O, I, dtype, n)).toFixed(1));
      console.log(`${dtype} ${kernel.padEnd(14)} ${O} x ${I}: ${speeds.join(' | ')} GFLOP/s`);
    }
  }
}
