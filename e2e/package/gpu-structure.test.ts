import { beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { countWork } from '../../bench/gpu/count-work.mjs';
import { smallConfig } from '../../sdk/backends/wasm/testing/random-model.ts';
import {
  createWebGpuEngineBuilder,
  type WebGpuEngine,
  type WebGpuEngineOptions,
} from '../../sdk/backends/webgpu/index.ts';
import type { ModelConfig } from '../../sdk/model/config.ts';

// What can be counted without a GPU, on Dawn's backend that runs nothing: while decoding nothing is made, and how many dispatches,
// passes and submits a token takes.

const turn = { size: 8, base: 10_000 };
const llama: Partial<ModelConfig> = {
  nLayer: 4,
  nKvHead: 1,
  normKind: 'rms',
  activation: 'silu',
  gatedMlp: true,
  learnedPositions: 0,
  rotary: [turn, turn, turn, turn],
  biases: [],
};
const families: Record<string, Partial<ModelConfig>> = {
  Llama: llama,
  'Qwen 3': { ...llama, queryKeyNorm: 'head' },
  'OLMo 2': { ...llama, queryKeyNorm: 'joint', normPlacement: 'output' },
  'Gemma 3': { ...llama, queryKeyNorm: 'head', normPlacement: 'sandwich', attentionWindow: [8, 8, 8, 0] },
  'LFM 2': {
    ...llama,
    convolutionSize: 3,
    blockKind: ['convolution', 'convolution', 'attention', 'attention'],
  },
  'GPT-J': { nLayer: 4, learnedPositions: 0, rotary: [turn, turn, turn, turn], parallelBlock: true },
  'more query heads to a key than a workgroup takes': { ...llama, nHead: 16, headSize: 8 },
};

let gpu: GPU;
beforeAll(() => {
  Object.assign(globalThis, globals);
  gpu = create(['backend=null']);
});

/** An engine whose weights are whatever there is, and what it asks of its device. */
async function counted(changes: Partial<ModelConfig>, options: Partial<WebGpuEngineOptions>) {
  const { gpu: counting, take } = countWork(clearing(gpu));
  const layers = changes.nLayer ?? smallConfig.nLayer;
  const every = <T>(value: T): T[] => Array.from({ length: layers }, () => value);
  const config: ModelConfig = {
    ...smallConfig,
    ...{ attentionWindow: every(0), attentionScale: every(0.3), blockKind: every('attention'), rotary: every(null) },
    ...changes,
  };
  const builder = await createWebGpuEngineBuilder(config, { dtype: 'q8', gpu: counting, ...options });
  return { engine: (await builder.finish()) as WebGpuEngine, take };
}

/** A GPU that answers with zeros: that backend leaves anything in what is read back, also that candidates were too many. */
function clearing(source: GPU): GPU {
  return {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = (await source.requestAdapter(options)) as GPUAdapter;
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
        const device = await requestDevice(descriptor);
        const createBuffer = device.createBuffer.bind(device);
        device.createBuffer = (described) => {
          const buffer = createBuffer(described);
          if (described.label !== 'readback') return buffer;
          const getMappedRange = buffer.getMappedRange.bind(buffer);
          buffer.getMappedRange = (...range) => {
            const bytes = getMappedRange(...range);
            new Uint8Array(bytes).fill(0);
            return bytes;
          };
          return buffer;
        };
        return device;
      };
      return adapter;
    },
  } as GPU;
}

/** One token in one pass, with nothing made. */
const one = {
  passes: 1,
  submits: 1,
  bindGroupsCreated: 0,
  buffersCreated: 0,
  pipelinesCompiled: 0,
  bytesWritten: 24,
};

describe.each([
  ['software', true],
  ['GPU', false],
] as const)('on %s kernels', (_, software) => {
  it('twelve layers decode in 63 dispatches a token, and one more a call for the first embedding', async () => {
    const { engine, take } = await counted({ nLayer: 12, nCtx: 512 }, { software });
    // One compilation a kind of step, not one a layer.
    expect(take().pipelinesCompiled).toBeLessThanOrEqual(15);
    await engine.forwardCandidates(Uint32Array.of(1), 0);
    take();
    await engine.decodeGreedy(1, 0, 1);
    expect(take()).toEqual({ ...one, dispatches: 64, bytesRead: 4 });
    await engine.decodeGreedy(1, 0, 33);
    // One token, then four at a time, so that the GPU works on some while others are written.
    expect(take()).toEqual({ ...one, passes: 9, submits: 9, dispatches: 33 * 63 + 1, bytesRead: 33 * 4 });
    await engine.forwardCandidates(Uint32Array.of(1), 40);
    expect(take()).toEqual({ ...one, dispatches: 65, bytesRead: 3596 });
    await engine.forward(Uint32Array.of(1), 41);
    expect(take()).toEqual({ ...one, dispatches: 62, bytesRead: engine.config.vocabSize * 4 });
    await engine.dispose();
  });

  it.each(Object.entries(families))(
    '%s decodes in as few dispatches a layer as it can, and makes nothing but when its cache grows',
    async (name, changes) => {
      // Software adapters have a step that makes queries and keys; convolutions do without.
      const heads = { 'LFM 2': 2 }[name] ?? 4;
      const extra = software || changes.nHead === 16 ? heads : 0;
      const { engine, take } = await counted({ ...changes, nCtx: 64 }, { software, firstCapacity: 32 });
      await engine.decodeGreedy(1, 0, 4);
      take();
      const run = {
        ...one,
        passes: 8,
        submits: 8,
        dispatches: 28 * (4 * 5 + extra + 3) + 1,
        bytesRead: 28 * 4,
      };
      await engine.decodeGreedy(1, 4, 28);
      expect(take()).toEqual(run);
      await engine.decodeGreedy(1, 32, 4);
      const growing = take();
      expect(growing.buffersCreated).toBeGreaterThan(3);
      expect(growing.pipelinesCompiled).toBe(0);
      await engine.decodeGreedy(1, 36, 28);
      expect(take()).toEqual(run);
      await engine.dispose();
    },
  );
});
