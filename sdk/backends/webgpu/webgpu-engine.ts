import { modelDisposed } from '../../errors/disposed.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { checkAdapter, checkInput, checkSlot } from '../check-input.ts';
import type { Candidates, ChoosingEngine, ForwardOptions, ForwardResult, PassOptions } from '../engine.ts';
import { missingPart } from '../missing-part.ts';
import { releaseDevice } from './acquire-device.ts';
import type { CreateAdaptation } from './adaptation.ts';
import { mostCandidates, mostStepsAhead } from './buffers.ts';
import { pickCandidates, readCandidates } from './candidates.ts';
import { encodePass } from './encode-pass.ts';
import type { EngineParts, Slot } from './engine-parts.ts';
import type { forwardBatch } from './forward-batch.ts';
import type { inspectChunks } from './inspect-chunks.ts';
import { KvSlot } from './kv-slot.ts';
import { PassContext } from './pass-context.ts';
import { prefill } from './prefill.ts';

/** Steps that the GPU gets at a time, after one to begin with: it works on them while the next are written, which takes as long. */
const stepsASubmit = 4;

/** The passes that not every engine has. */
export interface WebGpuPasses {
  readonly batch?: typeof forwardBatch;
  readonly inspect?: typeof inspectChunks;
  readonly adapt?: CreateAdaptation;
}

/** The WebGPU engine. */
export class WebGpuEngine implements ChoosingEngine {
  readonly backend = 'webgpu' as const;
  readonly dtype: Dtype;
  readonly config: ModelConfig;
  readonly mostStepsAhead: number = mostStepsAhead;
  readonly mostCandidates: number = mostCandidates;
  readonly #parts: EngineParts;
  readonly #passes: WebGpuPasses;
  readonly #context: PassContext;
  /** What decoding returns views of. */
  readonly #logits: Float32Array<ArrayBuffer>;
  #disposed = false;

  constructor(parts: EngineParts, passes: WebGpuPasses) {
    this.#parts = parts;
    this.#passes = passes;
    this.dtype = parts.dtype;
    this.config = parts.config;
    this.#context = new PassContext(parts);
    this.#context.addSlot(parts.firstSlot);
    this.#logits = new Float32Array(parts.config.vocabSize);
  }

  get bytes(): { weights: number; kvCache: number } {
    const adapters = Array.from(this.#context.adapters.values(), ({ bytes }) => bytes);
    return {
      weights: adapters.reduce((sum, bytes) => sum + bytes, this.#parts.weights.bytes),
      kvCache: this.#context.slots.reduce((sum, { kv }) => sum + kv.bytes, 0),
    };
  }

  async forward(tokenIds: Uint32Array, position: number, options: ForwardOptions = {}): Promise<ForwardResult> {
    const slot = this.#enter(tokenIds, position, options);
    const { nEmbd, vocabSize } = this.config;
    const { logits = 'last', hidden = 'none', inspect = false, adapter } = options;
    if (inspect) {
      if (position !== 0) throw new GptletError('INVALID_OPTION', `inspect starts at position 0, not ${position}.`);
      const inspectChunks = this.#passes.inspect ?? missingPart('inspection');
      const looked = await inspectChunks(this.#context, slot, tokenIds, options);
      // The KV cache is now written: the rest is an ordinary pass over the same tokens.
      return { ...(await this.forward(tokenIds, 0, { ...options, inspect: false })), ...looked };
    }
    if (tokenIds.length > 1) return prefill(this.#context, slot, tokenIds, position, options);

    await this.#context.makeRoom(slot, position, 1);
    const wantsHidden = hidden !== 'none';
    const wantsLogits = logits !== 'none';
    this.#context.write(position, tokenIds);
    const encoder = this.#context.encoder();
    const { embed, finish, head } = this.#context.shared;
    const { decode } = this.#context.plan(slot, adapter);
    encodePass(encoder, 1, embed, decode, wantsHidden ? finish : [], wantsLogits ? head : []);
    if (wantsLogits) this.#context.readback.copy(encoder, this.#parts.buffers.logits, vocabSize * 4);
    if (wantsHidden) this.#context.readback.copy(encoder, this.#parts.planner.hidden, nEmbd * 4);
    this.#context.submit(encoder);
    if (!wantsHidden && !wantsLogits) return {};
    return this.#context.readback.take((bytes) => {
      if (wantsLogits) this.#logits.set(new Float32Array(bytes, 0, vocabSize));
      return {
        // The view that is written again is for 'last' alone.
        ...(wantsLogits ? { logits: logits === 'all' ? this.#logits.slice() : this.#logits } : {}),
        ...(wantsHidden ? { hidden: new Float32Array(bytes, wantsLogits ? vocabSize * 4 : 0, nEmbd).slice() } : {}),
      };
    });
  }

  async forwardBatch(
    sequences: readonly Uint32Array[],
    position: number,
    options: ForwardOptions = {},
  ): Promise<ForwardResult[]> {
    const batch = this.#passes.batch ?? missingPart('batches');
    return batch(this, this.#context, (first) => this.#enter(first, position, options), sequences, position, options);
  }

  /**
   * See {@link ChoosingEngine}. One readback of 4 bytes a token, and a pass and a submit every few tokens. Stop conditions are the caller's:
   * what was chosen after a stop is dropped by going on from an earlier position.
   */
  async decodeGreedy(
    tokenId: number,
    position: number,
    count: number,
    options: PassOptions = {},
  ): Promise<Uint32Array> {
    if (!(count >= 1 && count <= mostStepsAhead && position + count <= this.config.nCtx)) {
      throw new GptletError(
        'INVALID_OPTION',
        `${count} steps from position ${position} on: between 1 and ${mostStepsAhead} are possible, up to the context of ${this.config.nCtx}.`,
      );
    }
    const tokens = Uint32Array.of(tokenId);
    const slot = this.#enter(tokens, position, options);
    await this.#context.makeRoom(slot, position, count);
    this.#context.write(position, tokens);
    const { embed, head, choose } = this.#context.shared;
    const step = [this.#context.plan(slot, options.adapter).decode, head, choose];
    for (let done = 0, steps = 1; done < count; done += steps, steps = Math.min(stepsASubmit, count - done)) {
      const encoder = this.#context.encoder();
      encodePass(encoder, 1, done === 0 ? embed : [], ...Array.from({ length: steps }, () => step).flat());
      if (done + steps === count) this.#context.readback.copy(encoder, this.#parts.buffers.chosen, count * 4);
      this.#context.submit(encoder);
    }
    return this.#context.readback.take((bytes) => new Uint32Array(bytes).slice());
  }

  /** See {@link ChoosingEngine}. Two submits, of which the second is a decode step, where there is more than one token. */
  async forwardCandidates(tokenIds: Uint32Array, position: number, options: PassOptions = {}): Promise<Candidates> {
    const slot = this.#enter(tokenIds, position, options);
    const { embed, head } = this.#context.shared;
    const pick = await this.#context.candidates();
    const before = tokenIds.length - 1;
    if (before > 0) {
      await prefill(this.#context, slot, tokenIds.subarray(0, before), position, { ...options, logits: 'none' });
    }
    await this.#context.makeRoom(slot, position + before, 1);
    this.#context.write(position + before, tokenIds.subarray(before));
    const encoder = this.#context.encoder();
    encodePass(encoder, 1, embed, this.#context.plan(slot, options.adapter).decode, head, pick);
    const { found } = this.#parts.buffers;
    this.#context.readback.copy(encoder, found, found.size);
    this.#context.submit(encoder);
    const candidates = await this.#context.readback.take(readCandidates);
    return candidates ?? this.#pickCandidates();
  }

  /** Of the last logits, on the CPU. */
  async #pickCandidates(): Promise<Candidates> {
    const encoder = this.#context.encoder();
    this.#context.readback.copy(encoder, this.#parts.buffers.logits, this.config.vocabSize * 4);
    this.#context.submit(encoder);
    return this.#context.readback.take((bytes) => pickCandidates(new Float32Array(bytes)));
  }

  reaches(position: number, slot = 0): boolean {
    checkSlot(slot, this.#context.slots.length);
    return this.#context.slots[slot].kv.reaches(position);
  }

  reserveSlots(count: number): void {
    this.#check();
    const { gpu, layout, firstCapacity } = this.#parts;
    const { slots } = this.#context;
    while (slots.length < count) {
      const make = (): KvSlot => new KvSlot(gpu, layout, firstCapacity);
      this.#context.addSlot(gpu.allocateSoon(slots[0].kv.bytes, 'the KV cache of one more sequence', make));
    }
  }

  copySlot(from: number, to: number, tokens: number): void {
    this.#check();
    if (from === to || tokens === 0) return;
    const { slots } = this.#context;
    for (const slot of [from, to]) checkSlot(slot, slots.length);
    this.#context.copySlot(slots[from], slots[to], tokens);
  }

  async addAdapter(adapter: Adapter): Promise<number> {
    this.#check();
    const { gpu, weights, chunk } = this.#parts;
    const adapt = this.#passes.adapt ?? missingPart('adapters');
    return this.#context.addAdapter(await adapt(gpu, weights, chunk, adapter));
  }

  removeAdapter(id: number): void {
    this.#check();
    this.#context.removeAdapter(id);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const { gpu, weights, buffers } = this.#parts;
    weights.destroy();
    buffers.destroy();
    this.#context.readback.destroy();
    this.#parts.rotary?.destroy();
    for (const { kv } of this.#context.slots) kv.destroy();
    for (const adaptation of this.#context.adapters.values()) adaptation.destroy();
    releaseDevice(gpu);
  }

  #enter(tokenIds: Uint32Array, position: number, { slot = 0, adapter, signal }: PassOptions): Slot {
    this.#check();
    signal?.throwIfAborted();
    checkInput(this.config, tokenIds, position);
    checkSlot(slot, this.#context.slots.length);
    checkAdapter(adapter, this.#context.adapters);
    this.#context.readback.reset();
    return this.#context.slots[slot];
  }

  #check(): void {
    if (this.#disposed) throw modelDisposed();
    this.#parts.gpu.check();
  }
}
