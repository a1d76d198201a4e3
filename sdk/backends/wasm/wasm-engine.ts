import { modelDisposed } from '../../errors/disposed.ts';
import type { Adapter } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { yieldToEventLoop } from '../../platform/event-loop.ts';
import { checkAdapter, checkInput } from '../check-input.ts';
import type { Engine, ForwardOptions, ForwardResult, PassOptions } from '../engine.ts';
import { missingPart } from '../missing-part.ts';
import type { Adapters } from './adapters.ts';
import type { forwardBatch } from './forward-batch.ts';
import type { inspect } from './inspect.ts';
import { KvCache } from './kv-cache.ts';
import { stage } from './layouts.gen.ts';
import { headTokens, type WasmDtype } from './memory-layout.ts';
import type { WasmModel } from './wasm-model.ts';

/** A pass lets other tasks run, and looks at its signal, about this often. */
const sliceMs = 40;
/** Chunks of a prefill get no smaller than this: weights are read once a chunk. */
const leastTokens = 16;

/** What not every engine has: its adapters, and some passes. */
export interface WasmPasses {
  readonly adapters?: typeof Adapters;
  readonly batch?: typeof forwardBatch;
  readonly inspect?: typeof inspect;
}

/** Runs passes over a loaded {@link WasmModel}: one call into WebAssembly a decoded token, several for a prefill. */
export class WasmEngine implements Engine {
  readonly backend = 'wasm' as const;
  readonly dtype: WasmDtype;
  readonly config: ModelConfig;
  #model: WasmModel | undefined;
  readonly #endThreads: (() => void) | undefined;
  readonly #passes: WasmPasses;
  readonly #cache: KvCache;
  readonly #adapters: Adapters | undefined;
  /** How often the chunks of a prefill were halved because this machine is slow. */
  #halvings = 0;
  /** When the current pass last let other tasks run. */
  #sliceStart = 0;

  /** @throws GptletError OUT_OF_MEMORY */
  constructor(model: WasmModel, endThreads: (() => void) | undefined, passes: WasmPasses) {
    this.dtype = model.dtype;
    this.config = model.config;
    this.#model = model;
    this.#endThreads = endThreads;
    this.#passes = passes;
    this.#cache = new KvCache(model);
    this.#adapters = passes.adapters && new passes.adapters(model, this.#cache);
  }

  get bytes(): { weights: number; kvCache: number } {
    return { weights: this.#loaded.layout.weightBytes + (this.#adapters?.bytes ?? 0), kvCache: this.#cache.bytes };
  }

  get #loaded(): WasmModel {
    if (!this.#model) throw modelDisposed();
    return this.#model;
  }

  async forward(tokenIds: Uint32Array, position: number, options: ForwardOptions = {}): Promise<ForwardResult> {
    const { logits = 'last', hidden = 'none', slot = 0, signal } = options;
    checkInput(this.config, tokenIds, position);
    const model = this.#begin(options);
    const { layout, config } = model;
    const { vocabSize: V, nEmbd: C } = config;
    const T = tokenIds.length;
    if (options.inspect) {
      const inspect = this.#passes.inspect ?? missingPart('inspection');
      return inspect(model, this.#cache, tokenIds, position, options, (first, n, out) =>
        this.#runHead(model, first, n, out, signal),
      );
    }

    const out = {
      logits: logits === 'all' ? new Float32Array(T * V) : undefined,
      hidden: hidden === 'all' ? new Float32Array(T * C) : undefined,
    };
    for (let first = 0, count = 0; first < T; first += count) {
      count = Math.min(Math.max(leastTokens, layout.mostTokens >> this.#halvings), T - first);
      const last = first + count === T;
      this.#cache.enter(slot, position + first, count);
      model.setTokens(position + first, tokenIds.subarray(first, first + count));
      if (T === 1) {
        const stages = (logits === 'none' ? 0 : stage.logits) | (hidden === 'none' ? 0 : stage.hidden);
        const job = { firstLayer: 0, lastLayer: config.nLayer, headFirst: 0, headCount: 1, probabilities: 0 };
        model.run({ stages: stage.embed | stage.layers | stages, T, position, ...job });
        out.logits?.set(model.floats(layout.buffers.logits, V));
        out.hidden?.set(model.floats(layout.buffers.normed, C));
        break;
      }
      const all = logits === 'all' || hidden === 'all';
      const wantsLast = last && (logits === 'last' || hidden === 'last');
      // Twice, since one row alone would be multiplied as a vector, which rounds f32 in another order.
      const wanted = wantsLast ? [count - 1, count - 1] : [];
      const rows = await this.#runLayers(model, count, position + first, all ? undefined : wanted, signal);
      if (all) await this.#runHead(model, first, count, out, signal);
      if (wantsLast) {
        const stages = (logits === 'last' ? stage.logits : 0) | (hidden === 'last' ? stage.hidden : 0);
        model.run({ stages, headFirst: rows - 1, headCount: 1 });
      }
    }
    return {
      ...(logits === 'last' ? { logits: model.floats(layout.buffers.logits, V) } : {}),
      ...(hidden === 'last' ? { hidden: model.floats(layout.buffers.normed, C).slice() } : {}),
      ...(out.logits ? { logits: out.logits } : {}),
      ...(out.hidden ? { hidden: out.hidden } : {}),
    };
  }

  async forwardBatch(
    sequences: readonly Uint32Array[],
    position: number,
    options: ForwardOptions = {},
  ): Promise<ForwardResult[]> {
    const model = this.#loaded;
    const { slot = 0, signal } = options;
    const batch = this.#passes.batch ?? missingPart('batches');
    for (const sequence of sequences) checkInput(this.config, sequence, position);
    // Room for the longest at once: sequences that go one by one in several passes must not push out what precedes them.
    this.#cache.enter(slot, position, Math.max(0, ...sequences.map(({ length }) => length)));
    const results = await batch(this, model, sequences, position, options, {
      enter: () => this.#begin(options),
      runLayers: (T, wanted) => this.#runLayers(model, T, position, wanted, signal),
      runHead: (rows, out) => this.#runHead(model, 0, rows, out, signal),
    });
    this.#cache.leave(slot, position);
    return results;
  }

  reaches(position: number, slot = 0): boolean {
    return this.#cache.reaches(position, slot);
  }

  reserveSlots(count: number): void {
    if (this.#loaded) this.#cache.reserve(count);
  }

  copySlot(from: number, to: number, tokens: number): void {
    if (this.#loaded) this.#cache.copy(from, to, tokens);
  }

  async addAdapter(adapter: Adapter): Promise<number> {
    return this.#loaded && (this.#adapters ?? missingPart('adapters')).add(adapter);
  }

  removeAdapter(id: number): void {
    if (this.#loaded) this.#adapters?.remove(id);
  }

  async dispose(): Promise<void> {
    const model = this.#model;
    this.#model = undefined;
    if (!model || !this.#endThreads) return;
    model.set('quit', 1);
    model.kernels.wake(model.layout.model);
    this.#endThreads();
  }

  /** Before a pass: its signal is looked at, and its adapter taken. */
  #begin({ signal, adapter }: PassOptions): WasmModel {
    const model = this.#loaded;
    signal?.throwIfAborted();
    if (this.#adapters) this.#adapters.use(adapter);
    else checkAdapter(adapter, new Set());
    this.#sliceStart = performance.now();
    return model;
  }

  /**
   * Embeds `T` tokens and takes them through all layers, as many at a call as a slice of time allows. Returns how many rows
   * of hidden states there are: `T`, or only the `wanted` ones, in that order, where those are fewer.
   */
  async #runLayers(
    model: WasmModel,
    T: number,
    position: number,
    wanted: readonly number[] | undefined,
    signal?: AbortSignal,
  ): Promise<number> {
    const { nLayer } = model.config;
    const wantedOnly = wanted !== undefined && wanted.length < T;
    if (wantedOnly) model.setWantedRows(wanted);
    let step = 1;
    let slowest = 0;
    for (let layer = 0; layer < nLayer; ) {
      const before = performance.now();
      const lastLayer = Math.min(nLayer, layer + step);
      const stages =
        stage.layers | (layer === 0 ? stage.embed : 0) | (wantedOnly && lastLayer === nLayer ? stage.wanted : 0);
      model.run({ stages, T, position, firstLayer: layer, lastLayer, probabilities: 0 });
      const perLayer = (performance.now() - before) / (lastLayer - layer);
      slowest = Math.max(slowest, perLayer);
      step = Math.max(1, Math.min(nLayer, Math.floor(sliceMs / 4 / perLayer)));
      layer = lastLayer;
      await this.#breathe(signal);
    }
    // On a slow machine a chunk takes too long in one layer already: the next one is half as large.
    if (slowest > 2 * sliceMs && T > leastTokens) this.#halvings++;
    else if (slowest < sliceMs / 2 && this.#halvings > 0) this.#halvings--;
    return wantedOnly ? wanted.length : T;
  }

  /** Logits and hidden states of all of a chunk's tokens, copied to where they belong. */
  async #runHead(
    model: WasmModel,
    first: number,
    count: number,
    out: { logits?: Float32Array; hidden?: Float32Array },
    signal?: AbortSignal,
  ): Promise<void> {
    const { layout, config } = model;
    const { vocabSize: V, nEmbd: C } = config;
    const stages = (out.logits ? stage.logits : 0) | (out.hidden ? stage.hidden : 0);
    for (let t = 0; t < count; t += headTokens) {
      const n = Math.min(headTokens, count - t);
      model.run({ stages, headFirst: t, headCount: n });
      for (let i = 0; i < n; i++) {
        const at = first + t + i;
        out.logits?.set(model.floats(layout.buffers.logits + i * layout.logitsStride * 4, V), at * V);
        out.hidden?.set(model.floats(layout.buffers.normed + i * layout.cStride * 4, C), at * C);
      }
      await this.#breathe(signal);
    }
  }

  /** Lets other tasks run if this pass has not for a while, then looks at its signal. */
  async #breathe(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#sliceStart < sliceMs) return;
    await yieldToEventLoop();
    signal?.throwIfAborted();
    if (!this.#model) throw modelDisposed();
    this.#sliceStart = performance.now();
  }
}
