import { compileModule } from '../platform/compile-module.ts';
import { unpackBytes } from '../platform/unpack-bytes.ts';
import type { LazyDfa } from './lazy-dfa.ts';
import { trieWalkWasm } from './trie-walk-wasm.gen.ts';
import type { VocabularyTrie } from './vocabulary-trie.ts';

type Address = WebAssembly.Global<'i32'>;

/** What wasm/constraint exports; the addresses change with `reserveTrie`. */
interface WalkExports {
  readonly memory: WebAssembly.Memory;
  readonly trieBytes: Address;
  readonly trieDepths: Address;
  readonly trieEnds: Address;
  readonly trieFirst: Address;
  readonly trieTokens: Address;
  readonly allowedTokens: Address;
  readonly distances: Address;
  readonly stateRows: Address;
  readonly farthest: Address;
  reserveTrie(nodes: number, tokens: number, depth: number, words: number, capacity: number): void;
  beginWalk(state: number, within: number): void;
  walk(): number;
}

/** More than any real distance, and an i32. */
const UNLIMITED = 2 ** 31 - 1;

/** The tokens allowed in a state of the automaton. */
export interface AllowedTokens {
  /** One bit per token id. */
  readonly mask: Uint32Array;
  /** Bytes that may still be needed after the worst of them. */
  readonly farthest: number;
}

/** Finds which tokens may follow, in WASM: the vocabulary's trie against the automaton. */
export class TokenWalker {
  readonly #wasm: WalkExports;
  readonly #trie: VocabularyTrie;
  readonly #dfa: LazyDfa;
  readonly #words: number;
  #capacity = 0;

  /** @internal Use `createTokenWalker`. */
  constructor(wasm: WalkExports, trie: VocabularyTrie, dfa: LazyDfa, words: number) {
    this.#wasm = wasm;
    this.#trie = trie;
    this.#dfa = dfa;
    this.#words = words;
    this.#layOut(64);
  }

  /** Tokens whose bytes the automaton takes from `state`, ending within `within` bytes of a place to end. */
  allowed(state: number, within: number = UNLIMITED): AllowedTokens {
    const wasm = this.#wasm;
    wasm.beginWalk(state, Math.min(within, UNLIMITED));
    for (let missing = wasm.walk(); missing >= 0; missing = wasm.walk()) {
      if (!this.#fill(missing)) wasm.beginWalk(state, Math.min(within, UNLIMITED));
    }
    const mask = new Uint32Array(wasm.memory.buffer, wasm.allowedTokens.value, this.#words).slice();
    return { mask, farthest: wasm.farthest.value };
  }

  /** Hands a state's row to the walk; false where that moved everything and the walk must begin again. */
  #fill(state: number): boolean {
    const row = this.#dfa.row(state);
    // A row may name new states, and the walk looks those up next: the table must have a place for each.
    if (this.#dfa.size > this.#capacity) {
      this.#layOut(2 * this.#dfa.size);
      return false;
    }
    const { memory, stateRows, distances } = this.#wasm;
    new Int32Array(memory.buffer, stateRows.value + state * 1024, 256).set(row);
    new Int32Array(memory.buffer, distances.value + state * 4, 1)[0] = this.#dfa.distance(state);
    return true;
  }

  #layOut(capacity: number): void {
    const wasm = this.#wasm;
    const { bytes, depths, ends, first, tokens, maxDepth } = this.#trie;
    this.#capacity = Math.max(capacity, this.#dfa.size);
    wasm.reserveTrie(bytes.length, tokens.length, maxDepth, this.#words, this.#capacity);
    const { buffer } = wasm.memory;
    new Uint8Array(buffer, wasm.trieBytes.value).set(bytes);
    new Uint16Array(buffer, wasm.trieDepths.value).set(depths);
    new Int32Array(buffer, wasm.trieEnds.value).set(ends);
    new Int32Array(buffer, wasm.trieFirst.value).set(first);
    new Uint32Array(buffer, wasm.trieTokens.value).set(tokens);
    new Int32Array(buffer, wasm.distances.value, this.#capacity).fill(-1);
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** A walker with memory of its own; the module is compiled once for all of this thread. */
export async function createTokenWalker(trie: VocabularyTrie, dfa: LazyDfa, words: number): Promise<TokenWalker> {
  compiled ??= compileModule(unpackBytes(trieWalkWasm), 'constraint').catch((error) => {
    compiled = undefined;
    throw error;
  });
  const instance = await WebAssembly.instantiate(await compiled);
  return new TokenWalker(instance.exports as unknown as WalkExports, trie, dfa, words);
}
