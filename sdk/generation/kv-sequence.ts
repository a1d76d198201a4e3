import type { Engine, ForwardOptions, ForwardResult } from '../backends/engine.ts';

/** Knows which tokens one slot of the engine's KV cache holds, so that a prompt that begins with them pays only for the rest. */
export class KvSequence {
  readonly #engine: Engine;
  readonly #slot: number;
  #tokens: number[] = [];

  constructor(engine: Engine, slot = 0) {
    this.#engine = engine;
    this.#slot = slot;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** How many first tokens of `tokenIds` need no work. At most all but one: the last one's logits are wanted. */
  cachedPrefix(tokenIds: ArrayLike<number>): number {
    const most = Math.min(this.#tokens.length, tokenIds.length - 1);
    let same = 0;
    while (same < most && this.#tokens[same] === tokenIds[same]) same++;
    return same;
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
    const cachedTokens = Math.min(this.cachedPrefix(tokenIds), reuseAtMost);
    // Until the engine has finished, only the common prefix is certain to be there.
    this.#tokens.length = cachedTokens;
    const result = await this.#engine.forward(tokenIds.subarray(cachedTokens), cachedTokens, { ...options, slot: this.#slot });
    for (let i = cachedTokens; i < tokenIds.length; i++) this.#tokens.push(tokenIds[i]);
    return { ...result, cachedTokens };
  }

  /** Adds one token; returns the logits of the next (a view until the next call). */
  async decode(tokenId: number): Promise<Float32Array> {
    const { logits } = await this.#engine.forward(Uint32Array.of(tokenId), this.#tokens.length, { slot: this.#slot });
    this.#tokens.push(tokenId);
    return logits as Float32Array;
  }

  /** Forgets everything, for instance after a failure or another use of the slot. */
  clear(): void {
    this.#tokens.length = 0;
  }
}
