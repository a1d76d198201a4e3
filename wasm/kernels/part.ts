import { barrier } from './barrier';
import { tileTokens } from './operand';
import { Model } from './structs';

/**
 * Tokens on their way through sub-layers, and which threads take them there: one alone, from a long input, or all of them together,
 * which divide the columns of every product and meet after each. Every thread has one of its own, where its area begins.
 */
@unmanaged
export class Part {
  first: i32; // the first token
  T: i32;
  vector: bool; // whether its one token is all there is: it is multiplied as a vector, which rounds f32 in another order
  alone: bool;
  thread: i32; // whose part it is
  share: i32; // which of `shares` equal shares of the work is the thread's; alone it has all
  shares: i32;
  area: usize; // the thread's own
  common: usize; // the area where all threads of the part find what they make together
  inner: usize; // (T, nInner) of these tokens, see structs.ts
}

/** A thread's part, with no tokens yet. */
export function partOf(m: Model, thread: i32): Part {
  const area = m.areas + <usize>thread * m.areaBytes;
  const p = changetype<Part>(area);
  p.area = area;
  p.thread = thread;
  return p;
}

/** Makes tokens first … first + T - 1 a part of all threads together. */
export function together(m: Model, p: Part, first: i32, T: i32): void {
  p.first = first;
  p.T = T;
  p.vector = T == 1;
  p.alone = false;
  p.share = p.thread;
  p.shares = m.threads;
  p.common = m.areas;
  p.inner = m.inner;
}

/** Whether so many tokens are enough for every thread to take some for itself. */
// @ts-ignore: decorator
@inline
export function isDivided(m: Model, tokens: i32): bool {
  return tokens >= m.dividedTokens;
}

/** The first part of `tokens` tokens for this thread, after a barrier; false if there is none. */
export function firstPart(m: Model, p: Part, tokens: i32): bool {
  if (!isDivided(m, tokens)) {
    together(m, p, 0, tokens);
    return tokens > 0;
  }
  p.vector = false;
  p.alone = true;
  p.share = 0;
  p.shares = 1;
  p.common = p.area;
  p.inner = m.inner + <usize>p.thread * m.innerBytes;
  return nextPart(m, p, tokens);
}

/**
 * Takes the next of `tokens` tokens that no thread has taken yet. Parts get smaller towards the end, half an equal share of what is
 * left each, so that fast threads do not wait long for slow ones (Polychronopoulos and Kuck, 1987).
 */
export function nextPart(m: Model, p: Part, tokens: i32): bool {
  if (!p.alone) return false;
  const counter = changetype<usize>(m) + offsetof<Model>('taken');
  const tile = tileTokens();
  let first = atomic.load<i32>(counter);
  while (first < tokens) {
    const left = tokens - first;
    const share = m.threads == 1 ? left : left / (2 * m.threads);
    const tiles = (max<i32>(share, m.leastTokens) + tile - 1) / tile;
    const T = min<i32>(left, min<i32>(m.partTokens, tiles * tile));
    const seen = atomic.cmpxchg<i32>(counter, first, first + T);
    if (seen == first) {
      p.first = first;
      p.T = T;
      return true;
    }
    first = seen;
  }
  return false;
}

/** The next of `count` things that no thread has taken since the last barrier, or `count` or more. */
export function take(m: Model): i32 {
  return atomic.add<i32>(changetype<usize>(m) + offsetof<Model>('taken'), 1);
}

/** Returns when all threads of the part have come here. */
// @ts-ignore: decorator
@inline
export function meet(m: Model, p: Part): void {
  if (!p.alone) barrier(m);
}

/** Address of the part's first row in a buffer of all tokens whose rows are `stride` floats long. */
// @ts-ignore: decorator
@inline
export function rowsOf(p: Part, buffer: usize, stride: i32): usize {
  return buffer + (<usize>(p.first * stride) << 2);
}
