import { closeSync, openSync, writeSync } from 'node:fs';

// Weights are noise, and always the same: values do not change how long a product takes. One block of it is
// used over and over, so that a model of a gigabyte is written without being held.

/** Deterministic bytes; as floats they are in ±0.05, as i8 and nibbles uniform. */
export function noise(kind, bytes) {
  const random = new Uint32Array(bytes / 4);
  let state = 1;
  for (let i = 0; i < random.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    random[i] = state;
  }
  if (kind === 'f32') return Buffer.from(Float32Array.from(random, (x) => (x / 2 ** 31 - 1) * 0.05).buffer);
  return Buffer.from(random.buffer);
}

/** `bytes` of the block, repeated: a list of buffers that share its memory. */
export function repeat(block, bytes) {
  const parts = [];
  for (let left = bytes; left > 0; left -= block.length)
    parts.push(left < block.length ? block.subarray(0, left) : block);
  return parts;
}

export const lengthOf = (parts) => parts.reduce((sum, part) => sum + part.length, 0);

/** Writes buffers one after another. */
export function writeParts(file, parts) {
  const out = openSync(file, 'w');
  for (const part of parts) writeSync(out, part);
  closeSync(out);
}
