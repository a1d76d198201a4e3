import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import type { ModelConfig } from '../model/config.ts';
import { paperConfig } from '../model/paper-config.ts';
import { type BackendChoice, chooseBackend } from './choose-backend.ts';
import { measureStep } from './measure-backend.ts';

const config: ModelConfig = {
  ...paperConfig({ nLayer: 12, nHead: 4, nEmbd: 32, nCtx: 128 }),
  architecture: 'gpt2',
  nLayer: 12,
  nHead: 4,
  nEmbd: 32,
  nInner: 64,
  nCtx: 128,
  vocabSize: 100,
  activation: 'gelu_new',
  normEpsilon: 1e-5,
  normPlacement: 'pre',
  finalNorm: true,
  attentionWindow: Array.from({ length: 12 }, (_, i) => (i % 2 ? 8 : 0)),
  attentionScale: new Array(12).fill(0.35),
  tiedHead: true,
  eosTokenIds: [],
};

/** A machine on which a step takes `fixed + perLayer × layers` ms. */
function machine(
  costs: Record<'webgpu' | 'wasm', [fixed: number, perLayer: number]>,
  adapter: string | undefined = 'gpu',
): BackendChoice & { asked: string[] } {
  const memory = new Map<string, string>();
  const asked: string[] = [];
  return {
    asked,
    adapterName: async () => adapter,
    stepMs: async (backend, { nLayer }) => {
      asked.push(`${backend} ${nLayer}`);
      const [fixed, perLayer] = costs[backend];
      return fixed + perLayer * nLayer;
    },
    recall: async (key) => memory.get(key),
    remember: async (key, value) => void memory.set(key, value),
  };
}

describe('the backend is chosen', () => {
  it('by what the whole model would take, not by what the small ones take', async () => {
    // 1 + 12 × 0.1 = 2.2 ms against 0.1 + 12 × 0.25 = 3.1 ms; at one block the CPU is ahead.
    expect(await chooseBackend(config, 'auto', machine({ webgpu: [1, 0.1], wasm: [0.1, 0.25] }))).toEqual([
      'webgpu',
      'wasm',
    ]);
    expect(await chooseBackend(config, 'auto', machine({ webgpu: [4, 0.1], wasm: [0.1, 0.25] }))).toEqual(['wasm']);
  });

  it('once per adapter and size', async () => {
    const here = machine({ webgpu: [1, 0.1], wasm: [0.1, 0.25] });
    await chooseBackend(config, 'auto', here);
    const times = here.asked.length;
    expect(await chooseBackend(config, 'auto', here)).toEqual(['webgpu', 'wasm']);
    expect(here.asked.length).toBe(times);
    await chooseBackend({ ...config, nEmbd: 64 }, 'auto', here);
    expect(here.asked.length).toBe(2 * times);
  });

  it('without measuring where there is no adapter', async () => {
    const here = { ...machine({ webgpu: [0, 0], wasm: [1, 1] }), adapterName: async () => undefined };
    expect(await chooseBackend(config, 'auto', here)).toEqual(['wasm']);
    expect(here.asked).toEqual([]);
  });

  it('and a GPU that fails, or a storage that is denied, does not stop it', async () => {
    const broken = machine({ webgpu: [0, 0], wasm: [1, 1] });
    const denied = async (): Promise<never> => {
      throw new DOMException('denied', 'SecurityError');
    };
    const failing: BackendChoice = {
      ...broken,
      recall: denied,
      remember: denied,
      stepMs: async (backend, shape) => (backend === 'webgpu' ? denied() : broken.stepMs(backend, shape)),
    };
    expect(await chooseBackend(config, 'auto', failing)).toEqual(['wasm']);
  });

  it('anew after a failure, which is not remembered', async () => {
    const here = machine({ webgpu: [1, 0.1], wasm: [0.1, 0.25] });
    const { stepMs } = here;
    here.stepMs = async (backend, shape) =>
      backend === 'webgpu' ? Promise.reject(new Error('just now')) : stepMs(backend, shape);
    expect(await chooseBackend(config, 'auto', here)).toEqual(['wasm']);
    here.stepMs = stepMs;
    expect(await chooseBackend(config, 'auto', here)).toEqual(['webgpu', 'wasm']);
  });
});

describe('a step is measured', () => {
  it.each([
    ['reference', createReferenceEngineBuilder],
    ['wasm', createWasmEngineBuilder],
  ])('on the %s engine', async (_, create) => {
    const ms = await measureStep(create, config, { dtype: 'f32' });
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(10_000);
  });
});
