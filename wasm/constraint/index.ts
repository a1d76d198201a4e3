// Which tokens may follow: the byte trie of the vocabulary walked against an automaton over bytes. Every walker of
// sdk/constraint has an instance of its own.
//
// The trie is in preorder. Node i: its byte, its depth (0 = first byte), the node after its subtree, and its
// tokens, tokens[first[i]] … tokens[first[i + 1]]. The automaton is a table of 256 i32 per state, -1 = dead end;
// rows are filled in by the host when the walk asks for them.

const ROW_BYTES: usize = 1024;

export let trieBytes: usize = 0;
export let trieDepths: usize = 0;
export let trieEnds: usize = 0;
export let trieFirst: usize = 0;
export let trieTokens: usize = 0;
/** Result: one bit per allowed token, u32 (words). */
export let allowedTokens: usize = 0;
/** Per automaton state: bytes to the nearest end. */
export let distances: usize = 0;
export let stateRows: usize = 0;

let nodeCount: i32 = 0;
let wordCount: i32 = 0;
let states: usize = 0;
let stateCapacity: i32 = 0;
let node: i32 = 0;
let limit: i32 = 0;
/** Largest distance among the ends of the tokens found by the last walk. */
export let farthest: i32 = 0;

function pages(end: usize): void {
  const missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

/** Lays out a trie with `nodes` nodes, `tokens` tokens, paths of up to `depth` bytes, and room for `capacity` states. */
export function reserveTrie(nodes: i32, tokens: i32, depth: i32, words: i32, capacity: i32): void {
  nodeCount = nodes;
  wordCount = words;
  stateCapacity = capacity;
  trieEnds = (__heap_base + 15) & ~15;
  trieFirst = trieEnds + (<usize>nodes << 2);
  trieTokens = trieFirst + (<usize>(nodes + 1) << 2);
  allowedTokens = trieTokens + (<usize>tokens << 2);
  states = allowedTokens + (<usize>words << 2);
  trieDepths = states + (<usize>(depth + 2) << 2);
  trieBytes = trieDepths + (<usize>nodes << 1);
  distances = (trieBytes + <usize>nodes + 15) & ~15;
  stateRows = distances + (<usize>capacity << 2);
  pages(stateRows + <usize>capacity * ROW_BYTES);
}

/** Begins a walk at an automaton state; only tokens that end within `within` bytes of an end are taken. */
export function beginWalk(state: i32, within: i32): void {
  memory.fill(allowedTokens, 0, <usize>wordCount << 2);
  store<i32>(states, state);
  node = 0;
  limit = within;
  farthest = 0;
}

/** Goes on until the end (-1), or until the row of a state is missing: that state, with the walk to be continued. */
export function walk(): i32 {
  while (node < nodeCount) {
    const depth = <usize>load<u16>(trieDepths + (<usize>node << 1));
    const state = load<i32>(states + (depth << 2));
    // The host marks a filled row by a distance of at least 0.
    const distance = load<i32>(distances + (<usize>state << 2));
    if (distance < 0) return state;
    const row = stateRows + <usize>state * ROW_BYTES;
    const next = load<i32>(row + (<usize>load<u8>(trieBytes + <usize>node) << 2));
    if (next < 0) {
      node = load<i32>(trieEnds + (<usize>node << 2));
      continue;
    }
    const first = load<i32>(trieFirst + (<usize>node << 2));
    const last = load<i32>(trieFirst + (<usize>(node + 1) << 2));
    if (first < last) {
      const rest = load<i32>(distances + (<usize>next << 2));
      if (rest < 0) return next;
      if (rest <= limit) {
        farthest = max(farthest, rest);
        for (let i = first; i < last; i++) {
          const token = load<u32>(trieTokens + (<usize>i << 2));
          const word = allowedTokens + ((<usize>token >> 5) << 2);
          store<u32>(word, load<u32>(word) | (1 << (token & 31)));
        }
      }
    }
    store<i32>(states + ((depth + 1) << 2), next);
    node++;
  }
  return -1;
}
