import type { Adapter } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { checkAdapter } from '../check-input.ts';
import type { CreateEngineBuilder, Engine, EngineBuilder, ForwardOptions, ForwardResult } from '../engine.ts';
import { forwardOneByOne } from '../forward-one-by-one.ts';
import { adaptedLinear } from './adapted-linear.ts';
import { block, normalise } from './block.ts';
import type { LayerCache } from './layer-cache.ts';
import { linear, softCap } from './operations.ts';
import { ReferenceWeights } from './weights.ts';

/** A slow engine that is easy to read. Tests compare the real ones with it; no build ships it. */
export const createReferenceEngineBuilder: CreateEngineBuilder = async (
  given,
  { contextLength = given.nCtx },
): Promise<EngineBuilder> => {
  const config = { ...given, nCtx: Math.min(given.nCtx, contextLength) };
  const weights = new ReferenceWeights(config);
  return {
    setTensor: (part: TensorPart) => weights.set(part),
    finish: async () => new ReferenceEngine(config, weights),
    dispose: () => {},
  };
};

/** Per layer of a slot. */
type KvCache = LayerCache[];

class ReferenceEngine implements Engine {
  readonly backend = 'wasm' as const; // the public type knows two; tests do not look
  readonly dtype = 'f32' as const;
  readonly config: ModelConfig;
  readonly #weights: ReferenceWeights;
  readonly #slots: KvCache[] = [];
  readonly #adapters = new Map<number, Adapter>();
  #nextAdapter = 1;

  constructor(config: ModelConfig, weights: ReferenceWeights) {
    this.config = config;
    this.#weights = weights;
    this.reserveSlots(1);
  }

  get bytes(): { weights: number; kvCache: number } {
    const { nLayer, nCtx, nKvHead, headSize } = this.config;
    return { weights: this.#weights.bytes, kvCache: this.#slots.length * nLayer * nCtx * nKvHead * headSize * 2 * 8 };
  }

  reserveSlots(count: number): void {
    while (this.#slots.length < count) {
      this.#slots.push(Array.from({ length: this.config.nLayer }, () => ({ keys: [], values: [] })));
    }
  }

  reaches(): boolean {
    return true;
  }

  copySlot(from: number, to: number, tokens: number): void {
    this.#slots[to] = this.#slots[from].map(({ keys, values }) => ({
      keys: keys.slice(0, tokens),
      values: values.slice(0, tokens),
    }));
  }

  async forward(tokenIds: Uint32Array, position: number, options: ForwardOptions = {}): Promise<ForwardResult> {
    const { logits = 'last', hidden = 'none', slot = 0, inspect = false } = options;
    checkAdapter(options.adapter, this.#adapters);
    const adapter = this.#adapters.get(options.adapter ?? 0);
    const config = this.config;
    const { nLayer, nEmbd, nHead } = config;
    const T = tokenIds.length;
    const kvCache = this.#slots[slot];
    for (const layer of kvCache) {
      layer.keys.length = position;
      layer.values.length = position;
    }
    const attention = inspect ? new Float32Array(nLayer * nHead * T * T) : undefined;
    const hiddenStates = inspect ? new Float32Array((nLayer + 1) * T * nEmbd) : undefined;
    const finals: Float64Array[] = [];
    for (let t = 0; t < T; t++) {
      let x = this.#embed(tokenIds[t], position + t);
      for (let layer = 0; layer < nLayer; layer++) {
        hiddenStates?.set(x, (layer * T + t) * nEmbd);
        const weight = (name: string) => this.#weights.get(`blocks.${layer}.${name}`);
        const multiply = adaptedLinear(weight, layer, adapter);
        x = block(config, layer, weight, multiply, x, kvCache[layer], (head, probabilities, first) =>
          attention?.set(probabilities, ((layer * nHead + head) * T + t) * T + first),
        );
      }
      const w = (name: string) => this.#weights.get(name);
      if (config.finalNorm) x = normalise(config, x, w('finalNorm.weight'), w('finalNorm.bias'));
      hiddenStates?.set(x, (nLayer * T + t) * nEmbd);
      finals.push(x);
    }
    const pick = (which: 'none' | 'last' | 'all') =>
      which === 'none' ? [] : which === 'last' ? finals.slice(-1) : finals;
    const join = (rows: ArrayLike<number>[]) => Float32Array.from(rows.flatMap((row) => Array.from(row)));
    return {
      ...(logits === 'none' ? {} : { logits: join(pick(logits).map((x) => this.#logits(x))) }),
      ...(hidden === 'none' ? {} : { hidden: join(pick(hidden)) }),
      ...(inspect ? { attention, hiddenStates } : {}),
    };
  }

  forwardBatch(...args: Parameters<Engine['forwardBatch']>): Promise<ForwardResult[]> {
    return forwardOneByOne(this, ...args);
  }

  async addAdapter(adapter: Adapter): Promise<number> {
    this.#adapters.set(this.#nextAdapter, adapter);
    return this.#nextAdapter++;
  }

  removeAdapter(id: number): void {
    this.#adapters.delete(id);
  }

  async dispose(): Promise<void> {
    this.#slots.length = 0;
  }

  #embed(tokenId: number, position: number): Float64Array {
    const { nEmbd, embeddingScale, learnedPositions } = this.config;
    const token = this.#weights.get('tokenEmbedding');
    const place = this.#weights.get('positionEmbedding');
    return Float64Array.from(
      { length: nEmbd },
      (_, c) => token[tokenId * nEmbd + c] * embeddingScale + (learnedPositions > 0 ? place[position * nEmbd + c] : 0),
    );
  }

  /** Logits (V) of one final hidden state. */
  #logits(x: Float64Array): Float64Array {
    const { tiedHead, vocabSize, logitScale, logitSoftCap } = this.config;
    const head = this.#weights.get(tiedHead ? 'tokenEmbedding' : 'head.weight');
    const logits = linear(x, head, vocabSize, this.#weights.get('head.bias'));
    return logits.map((logit) => softCap(logit * logitScale, logitSoftCap));
  }
}
