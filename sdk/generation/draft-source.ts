import { DraftLength, mostDrafted } from './draft-length.ts';
import type { Draft, Drafter } from './drafter.ts';
import { isClose } from './is-close.ts';
import type { PassCosts } from './pass-costs.ts';
import { type ChosenToken, chooseFrom, type TokenSource, type TokenSourceInput } from './token-source.ts';

/** Tokens to wait for, at first, before a draft that did not pay is tried again. */
const firstPause = 16;

/** What a pass gave: logits after the last token that was certain, and after each that was drafted. */
interface Pass {
  /** Tokens of the history before the drafted ones. */
  readonly base: number;
  readonly drafted: readonly number[];
  readonly kind: number;
  /** (1 + drafted, V) */
  readonly rows: Float32Array;
  /** What it took, drafting included. */
  readonly ms: number;
}

/**
 * Speculative decoding (Leviathan, Kalman and Matias 2023; Chen et al. 2023) around another source: a drafter guesses tokens, one
 * pass over all of them gives the logits after each, and tokens are chosen from those as ever, as long as the guesses turn out to be
 * what is chosen. Whoever chooses is the same sampler with the same random numbers, so that every option holds, and a
 * seed gives the text that it gives without a draft. For a guess that is one token, that is the papers' rule: it is kept with
 * its probability p, else another is drawn from what remains of p.
 *
 * Where no draft promises more than it costs, steps are those of the other source.
 */
export class DraftSource implements TokenSource {
  readonly isAhead = false;
  readonly #plain: TokenSource;
  readonly #input: TokenSourceInput;
  readonly #drafter: Drafter;
  readonly #costs: PassCosts;
  readonly #length: DraftLength;
  #pass: Pass | undefined;
  /** Of the pass's drafted tokens, how many the history has taken; and how many were chosen. */
  #agreed = 0;
  #chosen = 0;
  #refused = false;
  /** A draft that was not worth a pass: whether it would have been right is known with the next token. */
  #unused: Draft | undefined;
  #pause = firstPause;
  #idle = 0;
  /** Of the last call of the other source that ran the model: what it took, and how many tokens it gave. */
  #stepMs = 0;
  #stepTokens = 0;
  #draftedTokens = 0;
  #acceptedTokens = 0;

  constructor(plain: TokenSource, input: TokenSourceInput, drafter: Drafter, costs: PassCosts) {
    this.#plain = plain;
    this.#input = input;
    this.#drafter = drafter;
    this.#costs = costs;
    this.#length = new DraftLength(costs);
  }

  get drafts(): { draftedTokens: number; acceptedTokens: number } {
    return { draftedTokens: this.#draftedTokens, acceptedTokens: this.#acceptedTokens };
  }

  start(promptIds: Uint32Array, signal: AbortSignal): Promise<number> {
    this.#drafter.start(promptIds);
    return this.#plain.start(promptIds, signal);
  }

  async next(history: readonly number[], generated: number): Promise<ChosenToken> {
    const row = this.#rowAfter(history);
    if (row) return this.#choose(row, history, generated);
    this.#settle(history);
    if (!this.#plain.isAhead && (await this.#run(history, generated)))
      return this.#choose(this.#rowAfter(history) as Float32Array, history, generated);
    return this.#step(history, generated);
  }

  /** The row of logits after `history`, where the last pass had guessed it so far. */
  #rowAfter(history: readonly number[]): Float32Array | undefined {
    const pass = this.#pass;
    if (!pass) return undefined;
    const { base, drafted, rows } = pass;
    while (base + this.#agreed < history.length) {
      if (history[base + this.#agreed] !== drafted[this.#agreed]) return undefined;
      this.#agreed++;
    }
    const V = rows.length / (drafted.length + 1);
    return rows.subarray(this.#agreed * V, (this.#agreed + 1) * V);
  }

  async #choose(row: Float32Array, history: readonly number[], generated: number): Promise<ChosenToken> {
    // What an engine rounds otherwise for several tokens than for one must not decide: the step of one does.
    if (this.#input.kvSequence.roundsPassesOtherwise && isClose(this.#input, row, history, generated)) {
      this.#settle(history);
      return this.#step(history, generated);
    }
    const chosen = chooseFrom(this.#input, row, history, generated);
    const { drafted } = this.#pass as Pass;
    this.#chosen++;
    this.#refused = this.#agreed < drafted.length && chosen.tokenId !== drafted[this.#agreed];
    if (this.#agreed < drafted.length && !this.#refused) this.#acceptedTokens++;
    return chosen;
  }

  /** Does with a pass: what was wrong leaves the KV cache, and what was learnt is kept. */
  #settle(history: readonly number[]): void {
    const pass = this.#pass;
    if (!pass) return;
    this.#pass = undefined;
    this.#input.kvSequence.rewind(Math.min(pass.base + this.#agreed, history.length - 1));
    const right = Math.min(this.#agreed, pass.drafted.length);
    this.#length.saw(pass.kind, right, right + (this.#refused ? 1 : 0));
    this.#length.passed(this.#chosen, pass.ms);
    if (right > 0) this.#pause = firstPause;
  }

  /** Drafts, and runs what was drafted; says whether there was anything worth it. */
  async #run(history: readonly number[], generated: number): Promise<boolean> {
    const { kvSequence, limit } = this.#input;
    // Forced tokens are behind: they go through the model first.
    if (kvSequence.length !== history.length - 1) return false;
    const most = Math.min(mostDrafted, limit - generated - 1, kvSequence.room - history.length);
    if (most < 1) return false;
    const started = performance.now();
    const { tokenIds: drafted, kind } = await this.#draft(history, most);
    if (drafted.length === 0) return false;
    const ready = performance.now();
    const last = history.length - 1;
    const rows = await kvSequence.extend(last, Uint32Array.of(history[last], ...drafted));
    const ended = performance.now();
    this.#costs.add(drafted.length + 1, ended - ready);
    if (!this.#drafter.isFree) this.#costs.addDrafted((ready - started) / drafted.length);
    this.#draftedTokens += drafted.length;
    this.#pass = { base: history.length, drafted, kind, rows, ms: ended - started };
    [this.#agreed, this.#chosen, this.#refused] = [0, 0, false];
    return true;
  }

  /** A draft as long as it pays. */
  async #draft(history: readonly number[], most: number): Promise<Draft> {
    if (this.#drafter.isFree) {
      const draft = await this.#drafter.draft(history, most);
      const { kind, tokenIds } = draft;
      const length = tokenIds.length > 0 ? this.#length.choose(kind, tokenIds.length, 0) : 0;
      if (length === 0) this.#unused = draft;
      return { kind, tokenIds: tokenIds.slice(0, length) };
    }
    const kind = 0;
    let length = this.#length.choose(kind, most, this.#costs.perDrafted);
    if (length === 0 && ++this.#idle > this.#pause) {
      [this.#idle, this.#pause] = [0, 2 * this.#pause];
      this.#length.forget(kind);
      length = this.#length.choose(kind, most, this.#costs.perDrafted);
    }
    return length === 0 ? { kind, tokenIds: [] } : this.#drafter.draft(history, length);
  }

  /** A step of the other source, which may choose several tokens at once and hand them out one by one. */
  async #step(history: readonly number[], generated: number): Promise<ChosenToken> {
    const unused = this.#unused;
    this.#unused = undefined;
    const isMeasured = generated > 0 && !this.#plain.isAhead && this.#input.kvSequence.length === history.length - 1;
    const started = performance.now();
    const chosen = await this.#plain.next(history, generated);
    const ms = performance.now() - started;
    if (isMeasured) {
      if (this.#stepTokens > 0) this.#costs.add(1, this.#stepMs / this.#stepTokens);
      [this.#stepMs, this.#stepTokens] = [0, 0];
    }
    // The first token comes of the prompt's own pass.
    if (isMeasured || this.#stepTokens > 0) {
      this.#stepMs += ms;
      this.#stepTokens++;
      this.#length.stepped(ms);
    }
    if (unused && unused.tokenIds.length > 0)
      this.#length.saw(unused.kind, unused.tokenIds[0] === chosen.tokenId ? 1 : 0, 1);
    return chosen;
  }
}
