import type { State } from './machine.ts';
import type { Place, Thread } from './place.ts';
import type { VocabularyWalks } from './vocabulary-walks.ts';

/** The tokens allowed in a state. */
export interface AllowedTokens {
  /** One bit per token id. */
  readonly mask: Uint32Array;
  /** Bytes that may still be needed after the worst of them. */
  readonly farthest: number;
}

/** Ways to go on, and the bytes they begin with, as bits `byte & 31`. */
interface NextThreads {
  readonly threads: readonly Thread[];
  readonly bytes: number;
}

/** Masks kept at once, 6 kB each with GPT-2's vocabulary. */
const MAX_CACHED_MASKS = 512;

/** Finds which tokens may come next. */
export class TokenMasks {
  readonly #walks: VocabularyWalks;
  readonly #words: number;
  readonly #masks: Map<State, AllowedTokens> = new Map();
  readonly #next: Map<Place, NextThreads> = new Map();

  /** @param words how many 32-bit words a mask has */
  constructor(walks: VocabularyWalks, words: number) {
    this.#walks = walks;
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
    const { trie, walker } = this.#walks;
    let farthest = 0;
    const follow = (threads: readonly Thread[], from: number, to: number): void => {
      for (const { expression, place, text } of threads) {
        const whole = from === 0 && within === Infinity ? this.#walks.whole(expression) : undefined;
        const { tokens, farthest: rest, exits } = whole ?? walker.walk(expression, from, to, within - place.distance);
        if (whole?.mask) for (let i = 0; i < whole.mask.length; i++) mask[i] |= whole.mask[i];
        else for (let i = 0; i < tokens.length; i++) mask[tokens[i] >> 5] |= 1 << (tokens[i] & 31);
        if (whole?.mask || tokens.length > 0) farthest = Math.max(farthest, rest + place.distance);
        for (const node of exits) {
          if (((place.nextBytes ?? -1) & trie.children[node]) === 0) continue;
          const next = this.#after(place, text, node, from);
          if ((next.bytes & trie.children[node]) !== 0) follow(next.threads, node + 1, trie.ends[node]);
        }
      }
    };
    follow(state.threads, 0, trie.bytes.length);
    return { mask, farthest };
  }

  /** What comes after a piece of text that ends at a node of the trie. */
  #after(place: Place, text: string, node: number, from: number): NextThreads {
    const known = place.readsText ? undefined : this.#next.get(place);
    if (known) return known;
    const threads = this.#open(place.next(place.readsText ? text + this.#textOf(node, from) : ''));
    const next = {
      threads,
      bytes: threads.reduce((bits, { expression }) => bits | this.#walks.walker.firstBytes(expression), 0),
    };
    if (!place.readsText) this.#next.set(place, next);
    return next;
  }

  /** Ways whose piece may be empty open the next ones at once. */
  #open(threads: readonly Thread[]): readonly Thread[] {
    return threads.flatMap((thread) =>
      thread.expression.nullable ? [thread, ...this.#open(thread.place.next(thread.text))] : [thread],
    );
  }

  /** The bytes on the way to a node, from the depth at which a piece of text began. */
  #textOf(node: number, from: number): string {
    const { depths, first, tokens, tokenBytes } = this.#walks.trie;
    // Every node leads to some token, and the first one below it begins with the way to it.
    const token = tokenBytes[tokens[first[node]]];
    return token.slice(depths[from], depths[node] + 1);
  }
}
