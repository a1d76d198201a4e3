// One bump allocator. What is built once lies below `sealed` and is what a snapshot copies; caches, input
// and output buffers lie above it and can be thrown away.

/** First free byte. */
export let top: usize = (__heap_base + 15) & ~15;
/** End of what was built at creation. */
export let sealed: usize = 0;

/** Makes memory reach `end`, given in 64 bits so that a sum cannot wrap; false when there is no more. */
export function reach(end: u64): bool {
  if (end > 0xffff0000) return false;
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

/** `size` bytes, 16-byte aligned, zero when never used before. Traps when the machine has no more. */
export function allocate(size: usize): usize {
  const at = top;
  top = (at + size + 15) & ~15;
  // 64 bytes of slack, because hashing and copying read whole vectors past the end.
  if (top < at || !reach(top + 64)) unreachable();
  return at;
}

/** Ends the part that snapshots keep; what is allocated later starts at `end`. */
export function seal(end: usize): void {
  sealed = end;
  top = end;
}
