/**
 * The kernels are compiled for shared memory, with atomics, which engines also accept on an unshared one. The
 * import differs by one flag (bit 1 of the limits), so the other module is made here instead of shipped.
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
