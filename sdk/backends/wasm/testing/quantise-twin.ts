import type { TensorPart } from '../../../model/tensor.ts';

// The slow twin of wasm/kernels/pack-q8.ts and pack-q4.ts: what a matrix is after packing, as plain floats. And of
// operand.ts: what q8 and q4 make of the activations.

const bits = new DataView(new ArrayBuffer(4));

function fromBits(value: number): number {
  bits.setUint32(0, value);
  return bits.getFloat32(0);
}

/** bf16, rounded up (positive values) or to the nearest. */
export function toBf16(value: number, up: boolean): number {
  bits.setFloat32(0, value);
  return fromBits(((bits.getUint32(0) + (up ? 0xffff : 0x8000)) & 0xffff0000) >>> 0);
}

/** To the nearest integer, halves to the even one, as the wasm instruction does. */
function nearest(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function roundGroup(group: Float32Array, scale: number, least: number, most: number): number[] {
  const factor = scale === 0 ? 0 : Math.fround(1 / scale);
  return Array.from(group, (w) => Math.min(most, Math.max(least, nearest(Math.fround(w * factor)))) * scale);
}

function q8Group(group: Float32Array): number[] {
  const largest = group.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
  return roundGroup(group, largest < 1e-30 ? 0 : toBf16(Math.fround(largest / 127), true), -127, 127);
}

function q4Group(group: Float32Array): number[] {
  const extreme = group.reduce((m, w) => (Math.abs(w) > Math.abs(m) ? w : m), 0);
  if (Math.abs(extreme) < 1e-30) return Array.from(group, () => 0);
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const place of [-10, -9.5, -9, -8.5, -8, -7.5, -7, 7, 7.5, 8, 8.5, 9, 9.5]) {
    const rounded = roundGroup(group, toBf16(Math.fround(extreme / place), false), -8, 7);
    const error = rounded.reduce((sum, value, i) => sum + (group[i] - value) ** 2, 0);
    if (error < least) [least, best] = [error, rounded];
  }
  return best;
}

const groupOf = (columns: number): number => [128, 64].find((size) => columns % size === 0) ?? 32;

/** Values rounded to 8 bits of one scale, as attention rounds queries, keys and values in q8 and q4. */
export function roundToBytes(values: Float32Array): Float32Array {
  const largest = values.reduce((m, value) => Math.max(m, Math.abs(value)), 0);
  const factor = largest === 0 ? 0 : Math.fround(127 / largest);
  return values.map((value) => (nearest(Math.fround(value * factor)) * largest) / 127);
}

/**
 * A vector that is multiplied by a matrix. q8: 127 steps from the least to the largest of each group of inputs, and 0 among them.
 * q4: 8 bits with a sign.
 */
export function quantiseActivations(x: ArrayLike<number>, dtype: 'q8' | 'q4'): Float32Array {
  const row = Float32Array.from(x);
  const width = dtype === 'q4' ? 32 : groupOf(row.length);
  for (let from = 0; from < row.length; from += width) {
    const group = row.subarray(from, from + width);
    group.set(dtype === 'q4' ? roundToBytes(group) : roundToSteps(group));
  }
  return row;
}

function roundToSteps(group: Float32Array): Float32Array {
  const range = Math.fround(Math.max(0, ...group) - Math.min(0, ...group));
  const factor = range === 0 ? 0 : Math.fround(126.5 / range);
  return group.map((value) => (nearest(Math.fround(value * factor)) * range) / 126.5);
}

/** A tensor as the engine sees it after quantising: matrices rounded, vectors, positions and convolutions' kernels left alone. */
export function quantiseTensor(tensor: TensorPart, dtype: 'q8' | 'q4'): TensorPart {
  if (/norm|bias$|positionEmbedding|convolution\.kernel/i.test(tensor.name)) return tensor;
  const group = dtype === 'q4' ? 32 : groupOf(tensor.columns);
  const data = new Float32Array(tensor.data.length);
  for (let r = 0; r < tensor.rows; r++) {
    for (let c = 0; c < tensor.columns; c += group) {
      const from = r * tensor.columns + c;
      const slice = tensor.data.subarray(from, from + Math.min(group, tensor.columns - c));
      data.set(dtype === 'q8' ? q8Group(slice) : q4Group(slice), from);
    }
  }
  return { ...tensor, data };
}
