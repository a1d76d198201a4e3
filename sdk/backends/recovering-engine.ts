import { GptletError } from '../errors/gptlet-error.ts';
import type { Adapter } from '../model/adapter.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import { checkAdapter } from './check-input.ts';
import {
  type BatchOptions,
  type Candidates,
  type ChoosingEngine,
  canChoose,
  type Engine,
  type ForwardOptions,
  type ForwardResult,
  type PassOptions,
} from './engine.ts';

/** A token of the KV cache. Decoding and prefilling round differently, so that a replay must know which it was. */
interface HeldToken {
  readonly id: number;
  readonly decoded: boolean;
  readonly adapter: number | undefined;
}

/** An adapter, and its number in the engine of the moment. */
interface KeptAdapter {
  readonly adapter: Adapter;
  id: number;
}

/**
 * An engine that outlives its device. When the device is lost, it builds another engine (which reads the weights again
 * from where they came from), runs the tokens that the KV cache held through it, and then the call that failed: callers
 * get the same tokens, later. A second loss within one call is the caller's to hear of.
 *
 * Where only another backend can be had, whose arithmetic is another, the running call fails with DEVICE_LOST and later ones
 * run there.
 */
export class RecoveringEngine implements ChoosingEngine {
  readonly config: ModelConfig;
  readonly #rebuild: (signal?: AbortSignal) => Promise<Engine>;
  /** What each slot holds. */
  readonly #held: HeldToken[][] = [[]];
  /** By the numbers that callers know. */
  readonly #adapters = new Map<number, KeptAdapter>();
  #nextAdapter = 1;
  #engine: Engine;
  /** The error that told of a loss, until there is an engine again. */
  #loss: unknown;
  #disposed = false;

  /** @param rebuild makes an engine of the same model again; after a failure the next call asks again. */
  constructor(engine: ChoosingEngine, rebuild: (signal?: AbortSignal) => Promise<Engine>) {
    this.#engine = engine;
    this.#rebuild = rebuild;
    this.config = engine.config;
  }

  get backend(): Engine['backend'] {
    return this.#engine.backend;
  }

  get dtype(): Dtype {
    return this.#engine.dtype;
  }

  get bytes(): Engine['bytes'] {
    return this.#engine.bytes;
  }

  get mostStepsAhead(): number {
    return this.#choosing.mostStepsAhead;
  }

  /** 0 once the model has moved to a backend that does not choose. */
  get mostCandidates(): number {
    return canChoose(this.#engine) ? this.#engine.mostCandidates : 0;
  }

  async forward(tokenIds: Uint32Array, position: number, options: ForwardOptions = {}): Promise<ForwardResult> {
    const result = await this.#attempt(position, options, (inner) => this.#engine.forward(tokenIds, position, inner));
    this.#hold(options, tokenIds, tokenIds.length === 1);
    return result;
  }

  forwardBatch(
    sequences: readonly Uint32Array[],
    position: number,
    options: BatchOptions = {},
  ): Promise<ForwardResult[]> {
    return this.#attempt(position, options, (inner) => this.#engine.forwardBatch(sequences, position, inner));
  }

  async decodeGreedy(
    tokenId: number,
    position: number,
    count: number,
    options: PassOptions = {},
  ): Promise<Uint32Array> {
    const chosen = await this.#attempt(position, options, (inner) =>
      this.#choosing.decodeGreedy(tokenId, position, count, inner),
    );
    this.#hold(options, [tokenId, ...chosen.subarray(0, -1)], true);
    return chosen;
  }

  async forwardCandidates(tokenIds: Uint32Array, position: number, options: PassOptions = {}): Promise<Candidates> {
    const candidates = await this.#attempt(position, options, (inner) =>
      this.#choosing.forwardCandidates(tokenIds, position, inner),
    );
    this.#hold(options, tokenIds.subarray(0, -1), false);
    this.#hold(options, tokenIds.subarray(-1), true);
    return candidates;
  }

  reaches(position: number, slot?: number): boolean {
    return this.#engine.reaches(position, slot);
  }

  reserveSlots(count: number): void {
    while (this.#held.length < count) this.#held.push([]);
    this.#unlessLost(() => this.#engine.reserveSlots(count));
  }

  copySlot(from: number, to: number, tokens: number): void {
    this.#unlessLost(() => this.#engine.copySlot(from, to, tokens));
    if (from !== to) this.#held[to] = this.#held[from].slice(0, tokens);
  }

  async addAdapter(adapter: Adapter): Promise<number> {
    const id = await this.#outlive(undefined, () => this.#engine.addAdapter(adapter));
    this.#adapters.set(this.#nextAdapter, { adapter, id });
    return this.#nextAdapter++;
  }

  removeAdapter(id: number): void {
    const kept = this.#adapters.get(id);
    this.#adapters.delete(id);
    if (kept) this.#unlessLost(() => this.#engine.removeAdapter(kept.id));
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    return this.#engine.dispose();
  }

  get #choosing(): ChoosingEngine {
    return this.#engine as ChoosingEngine;
  }

  /** Acts at once, or leaves it to {@link #recover} where the device is gone. */
  #unlessLost(act: () => void): void {
    if (this.#loss && !this.#disposed) return;
    try {
      act();
    } catch (error) {
      this.#noteLoss(error);
    }
  }

  /** @throws `error` if it is anything but a lost device, or one that nobody wants any more. */
  #noteLoss(error: unknown): void {
    if (this.#disposed || !GptletError.isInstance(error) || error.code !== 'DEVICE_LOST') throw error;
    this.#loss = error;
  }

  /** A pass of the engine of the moment, which knows the adapter by another number. */
  #attempt<Options extends PassOptions, T>(
    position: number,
    options: Options,
    run: (inner: Options) => Promise<T>,
  ): Promise<T> {
    const { slot = 0, signal, adapter } = options;
    checkAdapter(adapter, this.#adapters);
    const held = this.#held[slot];
    // Until the pass is over, only what stands before it is certain.
    if (held && held.length > position) held.length = position;
    return this.#outlive(signal, () => run({ ...options, adapter: this.#inner(adapter) }));
  }

  #inner(adapter: number | undefined): number | undefined {
    return adapter === undefined ? undefined : this.#adapters.get(adapter)?.id;
  }

  async #outlive<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    if (!this.#loss || this.#disposed) {
      try {
        return await run();
      } catch (error) {
        this.#noteLoss(error);
      }
    }
    await this.#recover(signal);
    return run();
  }

  async #recover(signal: AbortSignal | undefined): Promise<void> {
    const { backend } = this.#engine;
    const cause = this.#loss;
    await this.#engine.dispose();
    try {
      this.#engine = await this.#rebuild(signal);
      await this.#replay(signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw deviceLost(`its model could not be loaded again: ${error}. Try once more.`, error);
    }
    this.#loss = undefined;
    if (this.backend === backend) return;
    throw deviceLost(`no other can be had. The model now runs on backend '${this.backend}': call again.`, cause);
  }

  /** Brings the adapters back, and every slot's KV cache to where it was. What went with an adapter that is no more is not wanted again. */
  async #replay(signal: AbortSignal | undefined): Promise<void> {
    for (const kept of this.#adapters.values()) kept.id = await this.#engine.addAdapter(kept.adapter);
    this.#engine.reserveSlots(this.#held.length);
    for (const [slot, held] of this.#held.entries()) {
      const gone = held.findIndex(({ adapter }) => adapter !== undefined && !this.#adapters.has(adapter));
      if (gone >= 0) held.length = gone;
      for (let from = 0, to = 1; from < held.length; from = to++) {
        const { decoded, adapter } = held[from];
        while (to < held.length && !decoded && !held[to].decoded && held[to].adapter === adapter) to++;
        const tokenIds = Uint32Array.from(held.slice(from, to), ({ id }) => id);
        const options = { slot, signal, adapter: this.#inner(adapter), logits: 'none' } as const;
        await this.#engine.forward(tokenIds, from, options);
      }
    }
  }

  #hold({ slot = 0, adapter }: PassOptions, tokenIds: ArrayLike<number>, decoded: boolean): void {
    for (const id of Array.from(tokenIds)) this.#held[slot].push({ id, decoded, adapter });
  }
}

function deviceLost(consequence: string, cause: unknown): GptletError {
  return new GptletError('DEVICE_LOST', `The GPU device was lost, and ${consequence}`, { cause });
}
