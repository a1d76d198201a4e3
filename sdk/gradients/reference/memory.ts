import type { RunParameters } from '../plan.ts';
import type { Rows, Vector, View } from '../step.ts';

/** A plan's memory in double precision, integers too. */
export interface ReferenceMemory {
  readonly buffers: ReadonlyMap<string, Float64Array>;
  /** (rows, columns), row-major. */
  readonly matrices: ReadonlyMap<string, Float64Array>;
}

/** How many rows a step does in this run. */
export function rowsOf({ of, first, most }: Rows, { tokens, outputs }: RunParameters): number {
  if (of === 'fixed') return most;
  return Math.max(0, Math.min((of === 'tokens' ? tokens : outputs) - first, most));
}

/** `width` values of row r, to read and to write. */
export const rowOf = (
  memory: ReferenceMemory,
  { buffer, offset, stride }: View,
  r: number,
  width: number,
): Float64Array => bufferOf(memory, buffer).subarray(offset + r * stride, offset + r * stride + width);

export const valuesOf = (memory: ReferenceMemory, { buffer, offset }: Vector, length: number): Float64Array =>
  bufferOf(memory, buffer).subarray(offset, offset + length);

export function bufferOf({ buffers }: ReferenceMemory, name: string): Float64Array {
  const buffer = buffers.get(name);
  if (!buffer) throw new Error(`the plan has no buffer ${name}`);
  return buffer;
}

export function matrixOf({ matrices }: ReferenceMemory, name: string): Float64Array {
  const matrix = matrices.get(name);
  if (!matrix) throw new Error(`the plan has no matrix ${name}`);
  return matrix;
}
