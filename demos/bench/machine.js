import { probe } from 'gptlet';
import { streamingRead } from '../../bench/gpu/streaming-read.mjs';
import { byteProductModule } from './simd-module.js';

/** More than caches hold, in all threads together. */
export const readBytes = 2 ** 28;

/** @typedef {Awaited<ReturnType<typeof describeMachine>>} Machine */

/** What is known about this machine without measuring it. */
export async function describeMachine() {
  const [{ webgpu, wasm, threads, crossOriginIsolated }, gptlet] = await Promise.all([probe(), version()]);
  return {
    gptlet,
    userAgent: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    ...('deviceMemory' in navigator && { deviceMemory: /** @type {number} */ (navigator.deviceMemory) }),
    crossOriginIsolated,
    threads,
    relaxedSimd: wasm.relaxedSimd,
    byteProducts: await byteProducts(),
    webgpu: webgpu && {
      vendor: webgpu.vendor,
      architecture: webgpu.architecture,
      description: webgpu.description,
      software: webgpu.isFallbackAdapter,
      f16: webgpu.features.includes('shader-f16'),
      subgroups: webgpu.features.includes('subgroups'),
    },
  };
}

/** How the engine multiplies bytes: by x86's VNNI, in pairs whose sums are cut off (x86 without), as ARM has it, or not at all. */
async function byteProducts() {
  const names = new Map([
    [129_540, 'vnni'],
    [65_534, 'pairs'],
    [-508, 'signed'],
  ]);
  try {
    const { instance } = await WebAssembly.instantiate(byteProductModule());
    const product = /** @type {{ run(): number }} */ (/** @type {unknown} */ (instance.exports)).run();
    return names.get(product) ?? String(product);
  } catch {
    return 'none';
  }
}

async function version() {
  const response = await fetch(import.meta.resolve('gptlet/package.json'));
  return /** @type {string} */ ((await response.json()).version);
}

/** GB/s at which `threads` threads read memory together: decoding cannot read its weights faster. */
export async function readMemory(/** @type {number} */ threads, /** @type {AbortSignal} */ signal) {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('read-memory-worker.js', import.meta.url), { type: 'module' }),
  );
  // A page of WebAssembly is 64 kB.
  const bytes = Math.ceil(readBytes / threads / 65536) * 65536;
  try {
    await Promise.all(workers.map((worker) => answerTo(worker, bytes, signal)));
    const speeds = await Promise.all(workers.map((worker) => answerTo(worker, 'go', signal)));
    return speeds.reduce((sum, speed) => sum + speed, 0) / 1e9;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** @param {Worker} worker @param {unknown} message @param {AbortSignal} signal @returns {Promise<number>} */
function answerTo(worker, message, signal) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('The worker that reads memory ended.'));
    signal.addEventListener('abort', () => reject(signal.reason));
    worker.postMessage(message);
  });
}

/** The same for the GPU's memory, or undefined where it cannot be measured. */
export async function readGpuMemory() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const bytes = 2 ** 27;
  const about = Math.max(...(await streamingRead(adapter, bytes, 1)));
  // So many readings that one submit takes about 20 ms.
  const repeats = Math.round((about * 0.02e9) / bytes);
  if (repeats < 2) return about;
  const again = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return again ? Math.max(...(await streamingRead(again, bytes, Math.min(repeats, 256)))) : about;
}
