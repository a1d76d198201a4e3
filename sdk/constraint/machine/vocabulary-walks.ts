import type { Expression } from '../expressions/expression.ts';
import type { Expressions } from '../expressions/expressions.ts';
import type { Language } from '../schema/language.ts';
import type { VocabularyTrie } from '../vocabulary-trie.ts';
import { TrieWalker, type Walk } from './trie-walker.ts';

const NONE: Uint32Array = new Uint32Array();

/** A walk of the whole vocabulary. */
export interface WholeWalk extends Omit<Walk, 'tokens'> {
  /** Its tokens, one bit each; or listed where they are few. */
  readonly mask: Uint32Array | undefined;
  readonly tokens: Uint32Array;
}

/**
 * Walks of a vocabulary, kept for every constraint in the same language. Most pieces of text differ from others at their beginning
 * alone, so each branch of the trie is kept by itself.
 */
export class VocabularyWalks {
  readonly trie: VocabularyTrie;
  readonly language: Language;
  readonly walker: TrieWalker;
  readonly #whole: Map<Expression, WholeWalk> = new Map();
  readonly #branches: readonly Branch[];
  #last: { readonly walks: readonly (Walk | undefined)[]; readonly mask: Uint32Array } | undefined;
  /** By what is left of a piece of text after the way to the branch. */
  readonly #ofBranch: Map<Branch, Map<Expression, Walk>> = new Map();

  constructor(trie: VocabularyTrie, language: Language) {
    this.trie = trie;
    this.language = language;
    this.walker = new TrieWalker(trie, language.expressions);
    this.#branches = branchesOf(trie);
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
    const { expressions } = this.language;
    const walks = this.#branches.map((branch) => {
      let left = expression;
      for (const byte of branch.path) left = expressions.after(left, byte);
      return expressions.isNothing(left) ? undefined : this.#from(branch, left);
    });
    let count = 0;
    let farthest = 0;
    const exits: number[] = [];
    for (const walk of walks) {
      if (!walk) continue;
      count += walk.tokens.length;
      farthest = Math.max(farthest, walk.farthest);
      exits.push(...walk.exits);
    }
    const few = count <= (this.trie.vocabSize + 31) >> 5;
    const mask = few ? undefined : this.#mask(walks);
    const tokens = few ? Uint32Array.from(walks.flatMap((walk) => (walk ? Array.from(walk.tokens) : []))) : NONE;
    return { mask, tokens, farthest, exits };
  }

  /** Begins with the last mask, and changes what follows the first bytes in which it differs. */
  #mask(walks: readonly (Walk | undefined)[]): Uint32Array {
    const { first, tokens, vocabSize } = this.trie;
    const mask = this.#last?.mask.slice() ?? new Uint32Array((vocabSize + 31) >> 5);
    walks.forEach((walk, i) => {
      const before = this.#last?.walks[i];
      if (walk === before) return;
      const { node, end } = this.#branches[i];
      if (before) {
        for (let at = first[node]; at < first[end]; at++) mask[tokens[at] >> 5] &= ~(1 << (tokens[at] & 31));
      }
      const own = walk?.tokens ?? NONE;
      for (let at = 0; at < own.length; at++) mask[own[at] >> 5] |= 1 << (own[at] & 31);
    });
    this.#last = { walks, mask };
    return mask;
  }

  /** Tokens of a branch, where a piece of text is left after the way to it. */
  #from(branch: Branch, left: Expression): Walk {
    let known = this.#ofBranch.get(branch);
    if (!known) {
      known = new Map();
      this.#ofBranch.set(branch, known);
    }
    const same = unlimited(left, branch.depth, this.language.expressions);
    let walk = known.get(same);
    if (!walk) {
      walk = this.walker.walkAfter(same, branch.node, branch.end);
      known.set(same, walk);
    }
    return walk;
  }
}

/** A part of the trie: a node, and all below it or nothing of that. */
interface Branch {
  readonly node: number;
  /** The node after the part. */
  readonly end: number;
  /** The bytes that lead to the node, its own the last. */
  readonly path: readonly number[];
  /** Bytes that its longest token has after those. */
  readonly depth: number;
}

/** More nodes than this below a first byte, as below the blank, are divided by the second. */
const LARGE = 4096;

function branchesOf({ bytes, depths, ends }: VocabularyTrie): Branch[] {
  const branches: Branch[] = [];
  const add = (node: number, path: readonly number[]): void => {
    const isDivided = ends[node] - node > LARGE && path.length === 1;
    const end = isDivided ? node + 1 : ends[node];
    let depth = 0;
    for (let at = node; at < end; at++) depth = Math.max(depth, depths[at] - depths[node]);
    branches.push({ node, end, path, depth });
    for (let child = end; child < ends[node]; child = ends[child]) add(child, [...path, bytes[child]]);
  };
  for (let node = 0; node < bytes.length; node = ends[node]) add(node, [bytes[node]]);
  return branches;
}

/** The same without an upper bound on repetitions that no token of so many bytes can reach: so strings of all lengths are alike. */
function unlimited(of: Expression, bytes: number, expressions: Expressions): Expression {
  if (!of.limited) return of;
  switch (of.kind) {
    case 'repeat':
      return of.max > bytes ? expressions.repeat(of.body, of.min, Infinity) : of;
    case 'sequence':
      return expressions.sequence(unlimited(of.head, bytes, expressions), unlimited(of.tail, bytes, expressions));
    case 'choice':
      return expressions.choice(of.parts.map((part) => unlimited(part, bytes, expressions)));
    default:
      return of;
  }
}
