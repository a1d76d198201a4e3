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

/**
 * How many of `count` things whoever takes from the one `first` on gets, in whole units but for the last. In rounds every thread gets as many,
 * half of an equal share of what is left: large pieces first, since each costs something, small ones in the end, so that fast threads do not
 * wait long for slow ones, and equally fast ones hardly at all (factoring: Flynn Hummel et al., 1992).
 */
export function pieceFrom(m: Model, first: i32, count: i32, unit: i32, least: i32, most: i32): i32 {
  const threads = m.threads;
  let left = count;
  while (true) {
    const equal = (left + threads - 1) / threads;
    const wanted = threads == 1 ? left : min<i32>(max<i32>(left / (2 * threads), least), equal);
    const piece = min<i32>((wanted + unit - 1) / unit * unit, most);
    if (first < count - left + threads * piece) return min<i32>(piece, count - first);
    left -= threads * piece;
  }
}

/** Takes the next of `count` things that no thread has taken since the last barrier, as many as `pieceFrom` says from the one returned; `count` if none is left. */
export function take(m: Model, count: i32, unit: i32, least: i32, most: i32): i32 {
  const counter = changetype<usize>(m) + offsetof<Model>('taken');
  let first = atomic.load<i32>(counter);
  while (first < count) {
    const seen = atomic.cmpxchg<i32>(counter, first, first + pieceFrom(m, first, count, unit, least, most));
    if (seen == first) return first;
    first = seen;
  }
  return count;
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

/** Takes the next part of `tokens` tokens; false if none is left. */
export function nextPart(m: Model, p: Part, tokens: i32): bool {
  if (!p.alone) return false;
  const tile = tileTokens();
  const first = take(m, tokens, tile, m.leastTokens, m.partTokens);
  if (first == tokens) return false;
  p.first = first;
  p.T = pieceFrom(m, first, tokens, tile, m.leastTokens, m.partTokens);
  return true;
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
