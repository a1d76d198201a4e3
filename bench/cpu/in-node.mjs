import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededEngine, shapes } from '../gpu/seeded-model.mjs';
import { compileStreamingRead } from './streaming-read.mjs';

// gptlet's engine alone, in Node, without a browser or a checkpoint: minutes less to wait for while tuning a kernel.

const limitBytes = 512 * 2 ** 20;

/** Rows like those of the browser's run, `round` by `round`; a round also gives the processor's own time. */
export async function measureInNode({ dtypes, threads, rounds }) {
  const [backend, tensor] = await Promise.all([
    import('../../build/sdk/backends/wasm/index.js'),
    import('../../build/sdk/model/weight-shapes.js'),
  ]);
  const readLimit = await openLimit();
  const results = [];
  for (const dtype of dtypes) {
    const start = performance.now();
    const create = { createWebGpuEngineBuilder: backend.createWasmEngineBuilder };
    const engine = await seededEngine(create, tensor, shapes['124M'], { dtype, threads });
    results.push({ dtype, engine, loadMs: performance.now() - start, values: {} });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { engine, values } of results) {
      const add = (name, value) => (values[name] ??= []).push(value);
      const prompt = (length) => Uint32Array.from({ length }, () => Math.floor(Math.random() * 50000));
      const decode = async (name, position) => {
        const times = [];
        const before = process.cpuUsage();
        for (let i = 0; i < 32; i++) {
          const start = performance.now();
          await engine.forward(prompt(1), position + i);
          times.push(performance.now() - start);
        }
        const { user, system } = process.cpuUsage(before);
        add(`${name}`, 1000 / times.sort((a, b) => a - b)[16]);
        add(`${name}, processor`, (user + system) / 32_000);
        return times[16];
      };
      const start = performance.now();
      await engine.forward(prompt(128), 0);
      add('prefill of 128 tokens', performance.now() - start);
      const limit = readLimit();
      const ms = await decode('decode at position 128', 128);
      const bytes = engine.bytes.weights + (engine.bytes.kvCache * 144) / 1024;
      add('share of the limit', (100 * bytes) / ms / 1e6 / ((limit + readLimit()) / 2));
      await decode('decode at position 1,000', 976);
    }
  }
  return results.flatMap(({ dtype, engine, loadMs, values }) => {
    const all = { 'pack weights': [loadMs], weights: [engine.bytes.weights / 1e6], ...values };
    return Object.entries(all).map(([metric, list]) => {
      const sorted = list.sort((a, b) => a - b);
      const name = `GPT-2 124M in Node, ${threads} thread${threads > 1 ? 's' : ''}`;
      const spread = { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1), runs: sorted.length };
      return { suite: 'cpu', case: name, subject: `gptlet ${dtype}`, metric, unit: unitOf(metric), ...spread };
    });
  });
}

function unitOf(metric) {
  if (metric === 'weights') return 'MB';
  if (metric.startsWith('share')) return '%';
  return metric.startsWith('decode') && !metric.endsWith('processor') ? 'tokens/s' : 'ms';
}

/** GB/s that one thread reads right now. */
async function openLimit() {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-limit-'));
  await compileStreamingRead(folder);
  const module = new WebAssembly.Module(readFileSync(join(folder, 'streaming-read.wasm')));
  rmSync(folder, { recursive: true });
  const memory = new WebAssembly.Memory({ initial: limitBytes / 65536 + 1 });
  const { sum } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  new Uint8Array(memory.buffer).fill(1);
  return () => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      sum(65536, limitBytes);
      return performance.now() - start;
    });
    return limitBytes / times.sort((a, b) => a - b)[2] / 1e6;
  };
}
