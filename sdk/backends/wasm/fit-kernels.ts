// Kernels are shipped once, for shared memory and an engine that has every instruction; here they are made fit for less.

/**
 * Kernels use atomics, which engines also accept on an unshared memory. The import differs by one flag (bit 1 of the
 * limits), so the other module is made here instead of shipped.
 */
export function unshareMemory(bytes: Uint8Array): void {
  const name = new TextEncoder().encode('memory');
  for (let at = 0; at < bytes.length - name.length - 2; at++) {
    if (name.every((byte, i) => bytes[at + i] === byte) && bytes[at + name.length] === 2) {
      bytes[at + name.length + 1] &= ~2;
      return;
    }
  }
}

/** Whether this engine has the relaxed multiply-adds of f32's kernels; where it has not, they are replaced. */
export function fitMultiplyAdd(bytes: Uint8Array<ArrayBuffer>): boolean {
  // Whether the engine knows shared memory is not the question here.
  const unshared = bytes.slice();
  unshareMemory(unshared);
  const relaxed = WebAssembly.validate(unshared);
  if (!relaxed) replaceRelaxedMultiplyAdd(bytes);
  return relaxed;
}

/**
 * Replaces f32x4.relaxed_madd (0xfd 0x105) by v128.bitselect and a nop: same length, same operand types. The
 * kernels that hold it are never called then, but the module as a whole has to validate. Returns how many.
 */
export function replaceRelaxedMultiplyAdd(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length - 2; at++) {
    if (bytes[at] === 0xfd && bytes[at + 1] === 0x85 && bytes[at + 2] === 0x02) {
      bytes.set([0xfd, 0x52, 0x01], at);
      count++;
    }
  }
  return count;
}
