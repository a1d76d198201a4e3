// Reading UTF-8 that TextEncoder wrote, so it is always valid.

/** Bytes of the character that begins with `lead`. */
// @ts-ignore: decorator
@inline
export function widthOf(lead: u32): u32 {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The code point at `at`, given its width. */
export function codePointAt(at: usize, width: u32): u32 {
  const lead = <u32>load<u8>(at);
  if (width == 1) return lead;
  const second = <u32>load<u8>(at, 1) & 63;
  if (width == 2) return ((lead & 31) << 6) | second;
  const third = <u32>load<u8>(at, 2) & 63;
  if (width == 3) return ((lead & 15) << 12) | (second << 6) | third;
  return ((lead & 7) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(at, 3) & 63);
}
