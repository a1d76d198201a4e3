import type { Expression } from '../expressions/expression.ts';
import type { VocabularyTrie } from '../vocabulary-trie.ts';
import type { Machine, State } from './machine.ts';
import type { Thread } from './place.ts';
import { TrieWalker, type Walk } from './trie-walker.ts';

/** The tokens allowed in a state. */
export interface AllowedTokens {
  /** One bit per token id. */
  readonly mask: Uint32Array;
  /** Bytes that may still be needed after the worst of them. */
  readonly farthest: number;
}

/** Masks kept at once, 6 kB each with GPT-2's vocabulary. */
const MAX_CACHED_MASKS = 512;

/** Finds which tokens may come next. */
export class TokenMasks {
  readonly #trie: VocabularyTrie;
  readonly #walker: TrieWalker;
  readonly #words: number;
  /** Whole walks, by the piece of text that a token begins in: what comes after the piece changes only the exits. */
  readonly #walks: Map<Expression, Walk> = new Map();
  readonly #masks: Map<State, AllowedTokens> = new Map();

  /** @param words how many 32-bit words a mask has */
  constructor(machine: Machine, trie: VocabularyTrie, words: number) {
    this.#trie = trie;
    this.#walker = new TrieWalker(trie, machine.expressions);
    this.#words = words;
  }

  /** Tokens that fit in a state, whatever is needed after them. */
  allowed(state: State): AllowedTokens {
    let allowed = this.#masks.get(state);
    if (!allowed) {
      allowed = this.#find(state, Infinity);
      if (this.#masks.size >= MAX_CACHED_MASKS) this.#masks.clear();
      this.#masks.set(state, allowed);
    }
    return allowed;
  }

  /** Tokens that fit in a state and after which all can be finished within some bytes. */
  allowedWithin(state: State, within: number): Uint32Array {
    return this.#find(state, within).mask;
  }

  #find(state: State, within: number): AllowedTokens {
    const mask = new Uint32Array(this.#words);
    let farthest = 0;
    const follow = (threads: readonly Thread[], from: number, to: number): void => {
      for (const { expression, place, text } of threads) {
        const walk = this.#walk(expression, from, to, within - place.distance);
        for (const token of walk.tokens) mask[token >> 5] |= 1 << (token & 31);
        if (walk.tokens.length > 0) farthest = Math.max(farthest, walk.farthest + place.distance);
        for (const node of walk.exits) {
          const read = place.readsText ? text + this.#textOf(node, from) : '';
          follow(this.#open(place.next(read)), node + 1, this.#trie.ends[node]);
        }
      }
    };
    follow(state.threads, 0, this.#trie.bytes.length);
    return { mask, farthest };
  }

  /** Ways whose piece may be empty open the next ones at once. */
  #open(threads: readonly Thread[]): readonly Thread[] {
    return threads.flatMap((thread) =>
      thread.expression.nullable ? [thread, ...this.#open(thread.place.next(thread.text))] : [thread],
    );
  }

  #walk(expression: Expression, from: number, to: number, within: number): Walk {
    const whole = within === Infinity && from === 0;
    const known = whole ? this.#walks.get(expression) : undefined;
    if (known) return known;
    const walk = this.#walker.walk(expression, from, to, within);
    if (whole) this.#walks.set(expression, walk);
    return walk;
  }

  /** The bytes on the way to a node, from the depth at which a piece of text began. */
  #textOf(node: number, from: number): string {
    const { depths, first, tokens, tokenBytes } = this.#trie;
    // Every node leads to some token, and the first one below it begins with the way to it.
    const token = tokenBytes[tokens[first[node]]];
    return token.slice(depths[from], depths[node] + 1);
  }
}
