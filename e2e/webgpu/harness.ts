// Runs in the page, bundled by harness-fixture.ts: engines side by side, so that only figures cross to the test.

import type { Dtype, Engine, EngineBuilder } from '../../sdk/backends/engine.ts';
import { createReferenceEngineBuilder } from '../../sdk/backends/reference/index.ts';
import { fromHalf } from '../../sdk/backends/webgpu/half.ts';
import {
  createWebGpuEngineBuilder,
  type WebGpuEngine,
  type WebGpuEngineOptions,
} from '../../sdk/backends/webgpu/index.ts';
import { packRow, rowBytes, rowScaleBytes } from '../../sdk/backends/webgpu/pack-row.ts';
import { openCheckpoint } from '../../sdk/checkpoint/open-checkpoint.ts';
import type { ModelConfig } from '../../sdk/model/config.ts';
import { type TensorPart, weightShapes } from '../../sdk/model/tensor.ts';

/** Any config from a few values that differ from a small GPT-2's. */
export function makeConfig(changes: Partial<ModelConfig> = {}): ModelConfig {
  const { nLayer = 2, nEmbd = 32, nHead = 2 } = changes;
  return {
    architecture: 'gpt2',
    nLayer,
    nHead,
    nEmbd,
    nInner: nEmbd * 4,
    nCtx: 64,
    vocabSize: 101,
    activation: 'gelu_new',
    layerNormEpsilon: 1e-5,
    normPlacement: 'pre',
    finalNorm: true,
    tiedHead: true,
    eosTokenIds: [],
    attentionWindow: Array.from({ length: nLayer }, () => 0),
    attentionScale: Array.from({ length: nLayer }, () => 1 / Math.sqrt(nEmbd / nHead)),
    ...changes,
  };
}

/** Uniform in [-1, 1), the same on every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Weights of any config; every matrix arrives transposed or in pieces, as checkpoints deliver them. */
export function* randomTensors(config: ModelConfig, seed = 1, scale = 0.3): Generator<TensorPart> {
  const random = randomNumbers(seed);
  for (const { name, rows, columns } of weightShapes(config)) {
    const gain = /norm.*weight$/i.test(name) ? 1 : 0;
    const data = Float32Array.from({ length: rows * columns }, () => gain + random() * scale);
    if (rows === 1) {
      yield { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
    } else if (name.includes('mlp')) {
      yield { name, rowOffset: 0, rows, columns, rowStride: 1, columnStride: rows, data };
    } else {
      for (let rowOffset = 0; rowOffset < rows; rowOffset += 37) {
        const count = Math.min(37, rows - rowOffset);
        const piece = data.slice(rowOffset * columns, (rowOffset + count) * columns);
        yield { name, rowOffset, rows: count, columns, rowStride: columns, columnStride: 1, data: piece };
        piece.fill(Number.NaN); // engines must have copied it
      }
    }
  }
}

/** Random token ids of a config. */
export function randomTokens(config: ModelConfig, count: number, seed = 7): Uint32Array {
  const random = randomNumbers(seed);
  return Uint32Array.from({ length: count }, () => Math.floor(((random() + 1) / 2) * config.vocabSize));
}

async function finish<B extends EngineBuilder>(
  builder: B,
  tensors: Iterable<TensorPart> | AsyncIterable<TensorPart>,
): Promise<Awaited<ReturnType<B['finish']>>> {
  for await (const part of tensors) await builder.setTensor(part);
  return (await builder.finish()) as Awaited<ReturnType<B['finish']>>;
}

/** A WebGPU engine with random weights. */
export async function webGpuEngine(
  config: ModelConfig,
  options: Partial<WebGpuEngineOptions> = {},
  seed = 1,
): Promise<WebGpuEngine> {
  return finish(await createWebGpuEngineBuilder(config, { dtype: 'f32', ...options }), randomTensors(config, seed));
}

/** The reference with the same weights, rounded as `dtype` rounds them. */
export async function referenceEngine(config: ModelConfig, seed = 1, dtype: Dtype = 'f32'): Promise<Engine> {
  return finish(
    await createReferenceEngineBuilder(config, { dtype: 'f32' }),
    roundTensors(randomTensors(config, seed), dtype),
  );
}

/** Replaces matrices by what is left of them in `dtype`. Decoding is written from the layout's description, not shared. */
function* roundTensors(parts: Iterable<TensorPart>, dtype: Dtype): Generator<TensorPart> {
  for (const part of parts) {
    if (part.rows === 1 || part.name === 'positionEmbedding') {
      yield part;
      continue;
    }
    const { rows, columns } = part;
    const K = Math.ceil(columns / 32) * 32;
    const row = new Float32Array(K);
    const weights = new Uint8Array(rowBytes(dtype, K));
    const scales = new Uint16Array(rowScaleBytes(dtype, K) / 2);
    const data = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) row[c] = part.data[r * part.rowStride + c * part.columnStride];
      packRow(dtype, row, weights, scales);
      for (let c = 0; c < columns; c++) data[r * columns + c] = unpack(dtype, weights, scales, c);
    }
    yield { ...part, data, rowStride: columns, columnStride: 1 };
  }
}

function unpack(dtype: Dtype, weights: Uint8Array, scales: Uint16Array, c: number): number {
  if (dtype === 'f32') return new Float32Array(weights.buffer)[c];
  if (dtype === 'f16') return fromHalf(new Uint16Array(weights.buffer)[c]);
  const scale = fromHalf(scales[Math.floor(c / 32)]) / 256;
  if (dtype === 'q8') return ((weights[c] << 24) >> 24) * scale;
  const byte = weights[Math.floor(c / 8) * 4 + (c % 4)];
  return ((c % 8 < 4 ? byte & 15 : byte >> 4) - 8) * scale;
}

/** A checkpoint of the repository on WebGPU. */
export async function loadCheckpoint(
  path: string,
  dtype: Dtype = 'f32',
  options: Partial<WebGpuEngineOptions> = {},
): Promise<WebGpuEngine> {
  const checkpoint = await openCheckpoint(new URL(path, location.href).href, { cache: false });
  return finish(await createWebGpuEngineBuilder(checkpoint.config, { dtype, ...options }), checkpoint.tensors());
}

/** Largest absolute difference; NaN counts as infinite, and so does another length. */
export function maxDifference(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= most)) most = Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
  }
  return most;
}

/** Length of the difference over the length of `b`. */
export function relativeError(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Greedy decoding one forward pass at a time. */
export async function greedy(engine: Engine, prompt: ArrayLike<number>, count: number): Promise<number[]> {
  let { logits } = await engine.forward(Uint32Array.from(prompt), 0);
  const tokens: number[] = [];
  while (tokens.length < count) {
    const next = argmax(logits as Float32Array);
    tokens.push(next);
    if (tokens.length === count) break;
    ({ logits } = await engine.forward(Uint32Array.of(next), prompt.length + tokens.length - 1));
  }
  return tokens;
}

/** The same, chosen on the GPU: many tokens a readback. */
export async function greedyAhead(engine: WebGpuEngine, prompt: readonly number[], count: number): Promise<number[]> {
  const ids = Uint32Array.from(prompt);
  if (ids.length > 1) await engine.forward(ids.subarray(0, -1), 0, { logits: 'none' });
  const tokens: number[] = [];
  let last = ids[ids.length - 1];
  while (tokens.length < count) {
    const chosen = await engine.decodeGreedy(last, ids.length - 1 + tokens.length, Math.min(16, count - tokens.length));
    tokens.push(...chosen);
    last = chosen[chosen.length - 1];
  }
  return tokens;
}

/** A source of devices whose bindings hold no more than `bytes`, as if the adapter were that small. */
export function limitBindings(bytes: number): GPU {
  const gpu = navigator.gpu;
  return {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await gpu.requestAdapter(options);
      const requestDevice = adapter?.requestDevice.bind(adapter);
      if (!adapter || !requestDevice) return null;
      adapter.requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
        const device = await requestDevice(descriptor);
        const limits = new Proxy(device.limits, {
          get: (target, name) => (name === 'maxStorageBufferBindingSize' ? bytes : Reflect.get(target, name, target)),
        });
        Object.defineProperty(device, 'limits', { value: limits });
        return device;
      };
      return adapter;
    },
  } as GPU;
}

/** 'CODE: message' of what `run` throws. */
export async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    const { code, name, message } = error as { code?: unknown; name: string; message: string };
    return `${typeof code === 'string' ? code : name}: ${message}`;
  }
}

export { countWork } from '../../bench/gpu/count-work.mjs';
export { createWebGpuEngineBuilder };
