import { headSize, type ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import type { CreateEngineBuilder, Engine, EngineBuilder, ForwardOptions, ForwardResult } from '../engine.ts';
import { forwardOneByOne } from '../forward-one-by-one.ts';
import { activate, layerNorm, linear, softmax } from './operations.ts';
import { ReferenceWeights } from './weights.ts';

/** A slow engine that is easy to read. Tests compare the real ones with it; no build ships it. */
export const createReferenceEngineBuilder: CreateEngineBuilder = async (config): Promise<EngineBuilder> => {
  const weights = new ReferenceWeights(config);
  return {
    setTensor: (part: TensorPart) => weights.set(part),
    finish: async () => new ReferenceEngine(config, weights),
    dispose: () => {},
  };
};

/** Per slot and layer, keys and values of the tokens so far, each (T, C). */
type KvCache = { keys: Float64Array[]; values: Float64Array[] }[];

class ReferenceEngine implements Engine {
  readonly backend = 'wasm' as const; // the public type knows two; tests do not look
  readonly dtype = 'f32' as const;
  readonly config: ModelConfig;
  readonly #weights: ReferenceWeights;
  readonly #slots: KvCache[] = [];

  constructor(config: ModelConfig, weights: ReferenceWeights) {
    this.config = config;
    this.#weights = weights;
    this.reserveSlots(1);
  }

  get bytes(): { weights: number; kvCache: number } {
    const { nLayer, nCtx, nEmbd } = this.config;
    return { weights: this.#weights.bytes, kvCache: this.#slots.length * nLayer * nCtx * nEmbd * 2 * 8 };
  }

  reserveSlots(count: number): void {
    while (this.#slots.length < count) {
      this.#slots.push(Array.from({ length: this.config.nLayer }, () => ({ keys: [], values: [] })));
    }
  }

  copySlot(from: number, to: number, tokens: number): void {
    this.#slots[to] = this.#slots[from].map(({ keys, values }) => ({
      keys: keys.slice(0, tokens),
      values: values.slice(0, tokens),
    }));
  }

  async forward(tokenIds: Uint32Array, position: number, options: ForwardOptions = {}): Promise<ForwardResult> {
    const { logits = 'last', hidden = 'none', slot = 0, inspect = false } = options;
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
        x = this.#block(layer, x, kvCache[layer], (head, probabilities, first) =>
          attention?.set(probabilities, ((layer * nHead + head) * T + t) * T + first),
        );
      }
      const w = (name: string) => this.#weights.get(name);
      if (config.finalNorm) x = layerNorm(x, w('finalNorm.weight'), w('finalNorm.bias'), config.layerNormEpsilon);
      hiddenStates?.set(x, (nLayer * T + t) * nEmbd);
      finals.push(x);
    }
    const head = this.#weights.get(config.tiedHead ? 'tokenEmbedding' : 'head.weight');
    const pick = (which: 'none' | 'last' | 'all') =>
      which === 'none' ? [] : which === 'last' ? finals.slice(-1) : finals;
    const join = (rows: ArrayLike<number>[]) => Float32Array.from(rows.flatMap((row) => Array.from(row)));
    return {
      ...(logits === 'none' ? {} : { logits: join(pick(logits).map((x) => linear(x, head, config.vocabSize))) }),
      ...(hidden === 'none' ? {} : { hidden: join(pick(hidden)) }),
      ...(inspect ? { attention, hiddenStates } : {}),
    };
  }

  forwardBatch(...args: Parameters<Engine['forwardBatch']>): Promise<ForwardResult[]> {
    return forwardOneByOne(this, ...args);
  }

  async dispose(): Promise<void> {
    this.#slots.length = 0;
  }

  #embed(tokenId: number, position: number): Float64Array {
    const { nEmbd } = this.config;
    const token = this.#weights.get('tokenEmbedding');
    const place = this.#weights.get('positionEmbedding');
    return Float64Array.from({ length: nEmbd }, (_, c) => token[tokenId * nEmbd + c] + place[position * nEmbd + c]);
  }

  #block(
    layer: number,
    x: Float64Array,
    kv: KvCache[number],
    seen: (head: number, p: Float64Array, first: number) => void,
  ): Float64Array {
    const { normPlacement, layerNormEpsilon, nInner, nEmbd, activation } = this.config;
    const w = (name: string) => this.#weights.get(`blocks.${layer}.${name}`);
    const norm = (n: 1 | 2, v: Float64Array) =>
      layerNorm(v, w(`norm${n}.weight`), w(`norm${n}.bias`), layerNormEpsilon);
    const pre = normPlacement === 'pre';

    const attended = this.#attention(layer, pre ? norm(1, x) : x, kv, seen);
    let residual: Float64Array = x.map((value, c) => value + attended[c]);
    if (!pre) residual = norm(1, residual);

    const up = linear(pre ? norm(2, residual) : residual, w('mlp.up.weight'), nInner, w('mlp.up.bias'));
    const down = linear(
      up.map((value) => activate(activation, value)),
      w('mlp.down.weight'),
      nEmbd,
      w('mlp.down.bias'),
    );
    const out = residual.map((value, c) => value + down[c]);
    return pre ? out : norm(2, out);
  }

  #attention(
    layer: number,
    x: Float64Array,
    kv: KvCache[number],
    seen: (head: number, p: Float64Array, first: number) => void,
  ): Float64Array {
    const { nEmbd, nHead, attentionScale, attentionWindow } = this.config;
    const HS = headSize(this.config);
    const w = (name: string) => this.#weights.get(`blocks.${layer}.attention.${name}`);
    const qkv = linear(x, w('qkv.weight'), 3 * nEmbd, w('qkv.bias'));
    kv.keys.push(qkv.slice(nEmbd, 2 * nEmbd));
    kv.values.push(qkv.slice(2 * nEmbd));
    const length = kv.keys.length;
    const first = attentionWindow[layer] > 0 ? Math.max(0, length - attentionWindow[layer]) : 0;
    const mixed = new Float64Array(nEmbd);
    for (let head = 0; head < nHead; head++) {
      const from = head * HS;
      const scores = new Float64Array(length - first);
      for (let t = first; t < length; t++) {
        for (let i = from; i < from + HS; i++) scores[t - first] += qkv[i] * kv.keys[t][i];
        scores[t - first] *= attentionScale[layer];
      }
      const probabilities = softmax(scores);
      seen(head, probabilities, first);
      for (let t = first; t < length; t++) {
        for (let i = from; i < from + HS; i++) mixed[i] += probabilities[t - first] * kv.values[t][i];
      }
    }
    return linear(mixed, w('projection.weight'), nEmbd, w('projection.bias'));
  }
}
