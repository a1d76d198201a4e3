import type { Expression } from '../expressions/expression.ts';
import type { Language } from '../schema/language.ts';
import type { VocabularyTrie } from '../vocabulary-trie.ts';
import { TrieWalker, type Walk } from './trie-walker.ts';

/** A walk of the whole vocabulary. */
export interface WholeWalk extends Omit<Walk, 'tokens'> {
  /** Its tokens, one bit each; or listed where they are few. */
  readonly mask: Uint32Array | undefined;
  readonly tokens: Uint32Array;
}

/**
 * Walks of a vocabulary, kept for every constraint in the same language. Most pieces of text differ from others at their beginning
 * alone, so what follows each first byte is kept by itself.
 */
export class VocabularyWalks {
  readonly trie: VocabularyTrie;
  readonly language: Language;
  readonly walker: TrieWalker;
  readonly #whole: Map<Expression, WholeWalk> = new Map();
  /** By the node of the first byte: by what is left after that byte. */
  readonly #afterFirst: Map<number, Map<Expression, Walk>> = new Map();

  constructor(trie: VocabularyTrie, language: Language) {
    this.trie = trie;
    this.language = language;
    this.walker = new TrieWalker(trie, language.expressions);
  }

  /** All tokens that a piece of text can begin with. */
  whole(expression: Expression): WholeWalk {
    let walk = this.#whole.get(expression);
    if (!walk) {
      walk = this.#join(expression);
      this.#whole.set(expression, walk);
    }
    return walk;
  }

  #join(expression: Expression): WholeWalk {
    const { bytes, ends } = this.trie;
    const { expressions } = this.language;
    const walks: Walk[] = [];
    for (let node = 0; node < bytes.length; node = ends[node]) {
      const left = expressions.after(expression, bytes[node]);
      if (left.kind !== 'nothing' && !expressions.isNothing(left)) walks.push(this.#from(node, left));
    }
    const count = walks.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const words = (this.trie.vocabSize + 31) >> 5;
    const mask = count > words ? new Uint32Array(words) : undefined;
    const list = new Uint32Array(mask ? 0 : count);
    let at = 0;
    for (const { tokens } of walks) {
      if (!mask) list.set(tokens, at);
      else for (let i = 0; i < tokens.length; i++) mask[tokens[i] >> 5] |= 1 << (tokens[i] & 31);
      at += tokens.length;
    }
    return {
      mask,
      tokens: list,
      count,
      farthest: Math.max(0, ...walks.map(({ farthest }) => farthest)),
      exits: walks.flatMap(({ exits }) => exits),
    };
  }

  /** Tokens whose first byte leads to a node of the trie, where a piece of text is left after that byte. */
  #from(node: number, left: Expression): Walk {
    let known = this.#afterFirst.get(node);
    if (!known) {
      known = new Map();
      this.#afterFirst.set(node, known);
    }
    let walk = known.get(left);
    if (!walk) {
      walk = this.walker.walkAfter(left, node);
      known.set(left, walk);
    }
    return walk;
  }
}
