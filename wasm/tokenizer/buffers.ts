// Where text comes in and ids go out. The host writes UTF-8 at `input`; ids appear at `output`, and where
// token starts are wanted those at `startsOut`. All lie above what is sealed and grow together.
import { prepareCache } from './word-cache';
import { reach, top } from './memory';

/** Bytes that vector stores may write past the end of anything. */
const SLACK: usize = 64;

export let input: usize = 0;
export let output: usize = 0;
export let startsOut: usize = 0;
/** Start of the memory for merging long words; as large as needed. */
export let work: usize = 0;
/** Bytes that fit at `input`. */
export let capacity: u32 = 0;

/** Makes caches and buffers after the tables are built or restored. */
export function prepare(bytes: u32): bool {
  prepareCache();
  return resize(bytes);
}

/** Lays the buffers out anew; what is at `input` stays. False when the machine has no more memory. */
export function resize(bytes: u32): bool {
  // As many as fit in 32 bits at all; then every sum below fits in 64.
  if (bytes > 0x1fffffff) return false;
  const ids = <usize>bytes * 4 + SLACK;
  const at = (top + 15) & ~15;
  const end = <u64>at + bytes + SLACK + <u64>ids * 2;
  if (!reach(end)) return false;
  input = at;
  output = (at + bytes + SLACK + 15) & ~15;
  startsOut = output + ids;
  work = (startsOut + ids + 15) & ~15;
  capacity = bytes;
  return true;
}
