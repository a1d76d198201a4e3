// SentencePiece vocabularies spell a blank as U+2581. Here it is a blank again: in tokens, and in texts before they come.

/** Whether U+2581 is at `at`. Reads four bytes. */
// @ts-ignore: decorator
@inline
function isMark(at: usize): bool {
  return (load<u32>(at) & 0xffffff) == 0x8196e2;
}

/** Copies the bytes from `from` to `end` to `to`, every U+2581 as a blank; gives their number. */
export function copyText(from: usize, end: usize, to: usize): u32 {
  let write = to;
  for (let at = from; at < end; ) {
    const mark = isMark(at);
    store<u8>(write++, mark ? 32 : load<u8>(at));
    at += mark ? 3 : 1;
  }
  return <u32>(write - to);
}
