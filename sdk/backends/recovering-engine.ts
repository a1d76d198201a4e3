import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
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
    const result = await this.#attempt(position, options, () => this.#engine.forward(tokenIds, position, options));
    this.#hold(options.slot, tokenIds, tokenIds.length === 1);
    return result;
  }

  forwardBatch(
    sequences: readonly Uint32Array[],
    position: number,
    options: BatchOptions = {},
  ): Promise<ForwardResult[]> {
    return this.#attempt(position, options, () => this.#engine.forwardBatch(sequences, position, options));
  }

  async decodeGreedy(
    tokenId: number,
    position: number,
    count: number,
    options: PassOptions = {},
  ): Promise<Uint32Array> {
    const chosen = await this.#attempt(position, options, () =>
      this.#choosing.decodeGreedy(tokenId, position, count, options),
    );
    this.#hold(options.slot, [tokenId, ...chosen.subarray(0, -1)], true);
    return chosen;
  }

  async forwardCandidates(tokenIds: Uint32Array, position: number, options: PassOptions = {}): Promise<Candidates> {
    const candidates = await this.#attempt(position, options, () =>
      this.#choosing.forwardCandidates(tokenIds, position, options),
    );
    this.#hold(options.slot, tokenIds.subarray(0, -1), false);
    this.#hold(options.slot, tokenIds.subarray(-1), true);
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

  async #attempt<T>(position: number, { slot = 0, signal }: PassOptions, run: () => Promise<T>): Promise<T> {
    const held = this.#held[slot];
    // Until the pass is over, only what stands before it is certain.
    if (held && held.length > position) held.length = position;
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

  /** Brings every slot's KV cache to where it was. */
  async #replay(signal: AbortSignal | undefined): Promise<void> {
    this.#engine.reserveSlots(this.#held.length);
    for (const [slot, held] of this.#held.entries()) {
      for (let from = 0, to = 1; from < held.length; from = to++) {
        while (to < held.length && !held[from].decoded && !held[to].decoded) to++;
        const tokenIds = Uint32Array.from(held.slice(from, to), ({ id }) => id);
        await this.#engine.forward(tokenIds, from, { slot, signal, logits: 'none' });
      }
    }
  }

  #hold(slot: number | undefined, tokenIds: ArrayLike<number>, decoded: boolean): void {
    for (const id of Array.from(tokenIds)) this.#held[slot ?? 0].push({ id, decoded });
  }
}

function deviceLost(consequence: string, cause: unknown): GptletError {
  return new GptletError('DEVICE_LOST', `The GPU device was lost, and ${consequence}`, { cause });
}
