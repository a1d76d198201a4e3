import {
  type Candidates,
  type ChoosingEngine,
  canChoose,
  type Engine,
  type ForwardOptions,
  type ForwardResult,
  type PassOptions,
} from '../backends/engine.ts';

/** Knows which tokens one slot of the engine's KV cache holds, so that a prompt that begins with them pays only for the rest. */
export class KvSequence {
  readonly #engine: Engine;
  readonly #slot: number;
  #tokens: number[] = [];
  #adapter: number | undefined;

  constructor(engine: Engine, slot = 0) {
    this.#engine = engine;
    this.#slot = slot;
  }

  /** With which adapter its tokens go through the model. */
  get adapter(): number | undefined {
    return this.#adapter;
  }

  /** Before a call: tokens that went through the model with another adapter, or without one, are no prefix of this one's. */
  use(adapter: number | undefined): void {
    if (adapter !== this.#adapter) this.clear();
    this.#adapter = adapter;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** How many first tokens of `tokenIds` need no work. At most all but one: the last one's logits are wanted. */
  cachedPrefix(tokenIds: ArrayLike<number>): number {
    return this.#held(tokenIds, tokenIds.length - 1);
  }

  #held(tokenIds: ArrayLike<number>, atMost: number): number {
    const most = Math.min(this.#tokens.length, atMost);
    let same = 0;
    while (same < most && this.#tokens[same] === tokenIds[same]) same++;
    return this.#engine.reaches(same, this.#slot) ? same : 0;
  }

  /**
   * Makes the cache hold exactly `tokenIds`; returns what the engine says of the new ones. `reuseAtMost`
   * limits what may be taken from the cache, for callers that want the logits of earlier positions too.
   */
  async prefill(
    tokenIds: Uint32Array,
    options: ForwardOptions = {},
    reuseAtMost: number = tokenIds.length,
  ): Promise<ForwardResult & { cachedTokens: number }> {
    const cachedTokens = this.#held(tokenIds, Math.min(tokenIds.length - 1, reuseAtMost));
    // Until the engine has finished, only the common prefix is certain to be there.
    this.#tokens.length = cachedTokens;
    const result = await this.#engine.forward(tokenIds.subarray(cachedTokens), cachedTokens, {
      ...options,
      ...this.#pass,
    });
    for (let i = cachedTokens; i < tokenIds.length; i++) this.#tokens.push(tokenIds[i]);
    return { ...result, cachedTokens };
  }

  /** Makes the cache hold exactly `prefix`, then runs every sequence as if it alone followed; see {@link Engine.forwardBatch}. */
  async forwardBatch(
    prefix: Uint32Array,
    sequences: readonly Uint32Array[],
    options: ForwardOptions,
  ): Promise<ForwardResult[]> {
    const held = this.#held(prefix, prefix.length);
    this.#tokens.length = held;
    if (held < prefix.length) {
      const { signal } = options;
      await this.#engine.forward(prefix.subarray(held), held, { logits: 'none', ...this.#pass, signal });
      for (let i = held; i < prefix.length; i++) this.#tokens.push(prefix[i]);
    }
    return this.#engine.forwardBatch(sequences, prefix.length, { ...options, ...this.#pass });
  }

  /** Adds one token; returns the logits of the next (a view until the next call). */
  async decode(tokenId: number): Promise<Float32Array> {
    const { logits } = await this.#engine.forward(Uint32Array.of(tokenId), this.#tokens.length, this.#pass);
    this.#tokens.push(tokenId);
    return logits as Float32Array;
  }

  /** Most tokens that it may hold. */
  get room(): number {
    return this.#engine.config.nCtx;
  }

  /**
   * Whether a pass over several tokens rounds otherwise than one over each: in f32 and on a GPU sums are taken in another order.
   * Products of bytes are whole numbers, the same in any order.
   */
  get roundsPassesOtherwise(): boolean {
    const { backend, dtype } = this.#engine;
    return backend !== 'wasm' || (dtype !== 'q8' && dtype !== 'q4');
  }

  /** Goes back to the first `length` tokens. */
  rewind(length: number): void {
    this.#tokens.length = Math.min(length, this.#tokens.length);
  }

  /** Goes back to the first `length` tokens and adds `tokenIds`; returns the logits after each of those, (T, V). */
  async extend(length: number, tokenIds: Uint32Array): Promise<Float32Array> {
    this.rewind(length);
    const { logits } = await this.#engine.forward(tokenIds, length, { ...this.#pass, logits: 'all' });
    this.#tokens.push(...tokenIds);
    return logits as Float32Array;
  }

  /** How many candidates the engine gives instead of all logits; 0 where it cannot. */
  get mostCandidates(): number {
    return canChoose(this.#engine) ? this.#engine.mostCandidates : 0;
  }

  /** Like {@link prefill}, with the likeliest next tokens instead of their logits. */
  async prefillCandidates(
    tokenIds: Uint32Array,
    signal: AbortSignal,
  ): Promise<{ candidates: Candidates; cachedTokens: number }> {
    const cachedTokens = this.cachedPrefix(tokenIds);
    this.#tokens.length = cachedTokens;
    const candidates = await this.#choosing.forwardCandidates(tokenIds.subarray(cachedTokens), cachedTokens, {
      ...this.#pass,
      signal,
    });
    for (let i = cachedTokens; i < tokenIds.length; i++) this.#tokens.push(tokenIds[i]);
    return { candidates, cachedTokens };
  }

  /** Adds one token; returns the likeliest next ones. */
  async decodeCandidates(tokenId: number): Promise<Candidates> {
    const candidates = await this.#choosing.forwardCandidates(Uint32Array.of(tokenId), this.#tokens.length, this.#pass);
    this.#tokens.push(tokenId);
    return candidates;
  }

  /** Adds one token and then up to `count` - 1 that the engine finds most likely; returns those and one more. */
  async decodeGreedy(tokenId: number, count: number): Promise<Uint32Array> {
    const engine = this.#choosing;
    const steps = Math.min(count, engine.mostStepsAhead, engine.config.nCtx - this.#tokens.length);
    const chosen = await engine.decodeGreedy(tokenId, this.#tokens.length, steps, this.#pass);
    this.#tokens.push(tokenId, ...chosen.subarray(0, -1));
    return chosen;
  }

  get #pass(): PassOptions {
    return { slot: this.#slot, adapter: this.#adapter };
  }

  get #choosing(): ChoosingEngine {
    if (!canChoose(this.#engine)) throw new Error('this engine does not choose tokens');
    return this.#engine;
  }

  /** Forgets everything, for instance after a failure or another use of the slot. */
  clear(): void {
    this.#tokens.length = 0;
  }
}
