import type { ModelConfig } from '../model/config.ts';
import type { Backend } from './load-options.ts';

/** What choosing needs to know and do; tests bring their own. */
export interface BackendChoice {
  /** Names the adapter, or undefined where there is none worth trying (emulated GPUs are slower than the CPU itself). */
  adapterName(): Promise<string | undefined>;
  /** Milliseconds that a decode step of a model of random shape takes. */
  stepMs(backend: Backend, config: ModelConfig): Promise<number>;
  recall(key: string): Promise<string | undefined>;
  remember(key: string, value: string): Promise<void>;
}

/** Blocks of the two small models that stand for the whole: their difference is what a block costs. */
const [few, more] = [1, 4];
/** The head is measured on a vocabulary of at most this; it weighs the same on both backends. */
const vocabulary = 8192;

/**
 * Backends in the order to try them. Small models are often faster on the CPU, so both are measured, on a model of
 * the same width but few blocks, once per adapter and size of model; the answer is remembered. A GPU that fails while it
 * is measured is not used this time.
 */
export async function chooseBackend(config: ModelConfig, dtype: string, choice: BackendChoice): Promise<Backend[]> {
  const adapter = await choice.adapterName().catch(() => undefined);
  if (adapter === undefined) return ['wasm'];
  const { nLayer, nEmbd, nInner, nHead, vocabSize } = config;
  const key = [adapter, dtype, nLayer, nEmbd, nInner, nHead, vocabSize].join('|');
  const known = await choice.recall(key).catch(() => undefined);
  if (known === 'webgpu') return ['webgpu', 'wasm'];
  if (known === 'wasm') return ['wasm'];
  const estimates = {
    webgpu: await estimate('webgpu', config, choice).catch(() => Number.POSITIVE_INFINITY),
    wasm: await estimate('wasm', config, choice),
  };
  const faster: Backend = estimates.webgpu < estimates.wasm ? 'webgpu' : 'wasm';
  // Storage may be denied; then the next load measures again. So it does after a failure, which may have had a passing cause.
  if (estimates.webgpu < Number.POSITIVE_INFINITY) await choice.remember(key, faster).catch(() => {});
  return faster === 'webgpu' ? ['webgpu', 'wasm'] : ['wasm'];
}

/** Milliseconds a token of the whole model, from two small ones. */
async function estimate(backend: Backend, config: ModelConfig, choice: BackendChoice): Promise<number> {
  const step = (nLayer: number): Promise<number> => choice.stepMs(backend, shortened(config, nLayer));
  const [short, long] = [await step(few), await step(more)];
  return long + (Math.max(0, long - short) / (more - few)) * (config.nLayer - more);
}

function shortened(config: ModelConfig, nLayer: number): ModelConfig {
  const cut = <T>(perLayer: readonly T[]): T[] =>
    Array.from({ length: nLayer }, (_, i) => perLayer[i % perLayer.length]);
  return {
    ...config,
    nLayer,
    nCtx: Math.min(config.nCtx, 64),
    learnedPositions: Math.min(config.learnedPositions, 64),
    vocabSize: Math.min(config.vocabSize, vocabulary),
    attentionWindow: cut(config.attentionWindow),
    attentionScale: cut(config.attentionScale),
    blockKind: cut(config.blockKind),
    rotary: cut(config.rotary),
    tiedHead: true,
  };
}
