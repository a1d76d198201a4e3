import type { Expression } from '../expressions/expression.ts';
import type { Expressions } from '../expressions/expressions.ts';
import type { VocabularyTrie } from '../vocabulary-trie.ts';

/** Which tokens fit a piece of text, begun somewhere in the trie. */
export interface Walk {
  /** Tokens that end within the piece, or with it. */
  readonly tokens: ArrayLike<number>;
  /** Bytes that the piece may still need after the worst of them. */
  readonly farthest: number;
  /** Nodes at which the piece may be done while longer tokens go on. */
  readonly exits: readonly number[];
}

/** Where an expression leads, as tables that a walk reads quickly. */
interface TableState {
  readonly expression: Expression;
  readonly distance: number;
  /** For every byte the index into `targets`; undefined until a walk comes by. */
  classes: Uint8Array | undefined;
  /** States, -1 where no text goes on. */
  targets: readonly number[];
}

/** Walks the vocabulary's trie against expressions: of a subtree that the expression rules out, only the root is looked at. */
export class TrieWalker {
  readonly #trie: VocabularyTrie;
  readonly #expressions: Expressions;
  readonly #table: TableState[] = [];
  readonly #indexOf: Map<Expression, number> = new Map();
  /** Shared, since few ways to divide the bytes exist. */
  readonly #classes: Map<string, Uint8Array> = new Map();
  readonly #path: Int32Array;

  constructor(trie: VocabularyTrie, expressions: Expressions) {
    this.#trie = trie;
    this.#expressions = expressions;
    this.#path = new Int32Array(trie.maxDepth + 1);
  }

  /**
   * Walks the nodes `from` … `to` - 1, children of a node at which `expression` begins.
   *
   * @param within tokens after which the piece would need more bytes are left out
   */
  walk(expression: Expression, from: number, to: number, within: number): Walk {
    const { bytes, depths, ends, first, tokens } = this.#trie;
    const found: number[] = [];
    const exits: number[] = [];
    let farthest = 0;
    if (from >= to) return { tokens: found, farthest, exits };
    const path = this.#path;
    const base = depths[from];
    path[base] = this.#stateOf(expression);
    for (let node = from; node < to; ) {
      const state = this.#table[path[depths[node]]];
      const classes = state.classes ?? this.#fill(state);
      const next = state.targets[classes[bytes[node]]];
      if (next < 0) {
        node = ends[node];
        continue;
      }
      const { distance } = this.#table[next];
      if (first[node] < first[node + 1] && distance <= within) {
        if (distance > farthest) farthest = distance;
        for (let i = first[node]; i < first[node + 1]; i++) found.push(tokens[i]);
      }
      if (distance === 0 && ends[node] > node + 1) exits.push(node);
      path[depths[node] + 1] = next;
      node++;
    }
    return { tokens: found, farthest, exits };
  }

  /** Walks the nodes below `node`, after which `left` is left, up to `end`, and takes the node's own tokens. */
  walkAfter(left: Expression, node: number, end: number): Walk {
    const { ends, first, tokens } = this.#trie;
    const distance = this.#expressions.distance(left);
    const below = this.walk(left, node + 1, end, Infinity);
    const own = tokens.subarray(first[node], first[node + 1]);
    const all = new Uint32Array(own.length + below.tokens.length);
    all.set(own);
    all.set(below.tokens, own.length);
    return {
      tokens: all,
      farthest: Math.max(own.length > 0 ? distance : 0, below.farthest),
      exits: distance === 0 && ends[node] > node + 1 ? [node, ...below.exits] : below.exits,
    };
  }

  /** Bit `byte & 31` for every byte with which a piece of text can begin. */
  firstBytes(expression: Expression): number {
    const { starts, targets } = this.#expressions.row(expression);
    let bits = 0;
    for (let i = 0; i < starts.length; i++) {
      if (targets[i].kind === 'nothing') continue;
      const end = starts[i + 1] ?? 256;
      if (end - starts[i] >= 32) return -1;
      for (let byte = starts[i]; byte < end; byte++) bits |= 1 << (byte & 31);
    }
    return bits;
  }

  #fill(state: TableState): Uint8Array {
    const { starts, targets } = this.#expressions.row(state.expression);
    state.targets = targets.map((target) =>
      this.#expressions.distance(target) === Infinity ? -1 : this.#stateOf(target),
    );
    const key = starts.join();
    let classes = this.#classes.get(key);
    if (!classes) {
      classes = new Uint8Array(256);
      for (let i = 0; i < starts.length; i++) classes.fill(i, starts[i]);
      this.#classes.set(key, classes);
    }
    state.classes = classes;
    return classes;
  }

  #stateOf(expression: Expression): number {
    let index = this.#indexOf.get(expression);
    if (index === undefined) {
      const distance = this.#expressions.distance(expression);
      index = this.#table.push({ expression, distance, classes: undefined, targets: [] }) - 1;
      this.#indexOf.set(expression, index);
    }
    return index;
  }
}
