// A multiplicative hash over eight bytes at a time; only this module's own tables ever see it.

const FACTOR: u64 = 0x9e3779b97f4a7c15;

/** The first `length` (0–8) of the eight bytes at `at`, the others zero. */
// @ts-ignore: decorator
@inline
export function loadPart(at: usize, length: u32): u64 {
  return length >= 8 ? load<u64>(at) : load<u64>(at) & ((<u64>1 << (length << 3)) - 1);
}

/** Hash of a byte string; the high bits are the good ones. Reads up to 7 bytes past the end. */
export function hashBytes(at: usize, length: u32): u64 {
  let hash: u64 = length;
  while (length > 8) {
    hash = mix(hash ^ load<u64>(at));
    at += 8;
    length -= 8;
  }
  return mix(hash ^ loadPart(at, length));
}

/** One round: multiply, then fold the good high bits down. */
// @ts-ignore: decorator
@inline
export function mix(value: u64): u64 {
  const product = value * FACTOR;
  return product ^ (product >> 32) ^ (product << 29);
}

/** Whether two byte strings of one length are equal. Reads up to 7 bytes past their ends. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  while (length > 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return loadPart(a, length) == loadPart(b, length);
}
