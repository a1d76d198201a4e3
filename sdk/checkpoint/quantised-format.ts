import type { QuantisedDtype } from '../model/dtype.ts';
import type { WeightShape } from '../model/weight-shapes.ts';
import { quantisedGroup, quantisedRowBytes } from '../quantising/quantised-rows.ts';

// The layout of docs/quantised-files.md, for its reader and its writer.

/** Another number means another layout. */
export const quantisedVersion = '1';

/** What a quantised file's `__metadata__` says. */
export const quantisedMetadata = (dtype: QuantisedDtype): Record<string, string> => ({
  format: 'gptlet',
  version: quantisedVersion,
  dtype,
});

/** One tensor of a quantised file. */
export interface FileTensor {
  readonly name: string;
  readonly type: 'F32' | 'BF16' | 'I8' | 'U8';
  readonly shape: readonly number[];
}

/** How one weight is stored: as it is, or as integers and their scales. */
export type WeightStorage =
  | { readonly plain: FileTensor }
  | { readonly scales: FileTensor; readonly integers: FileTensor; readonly group: number; readonly K: number };

/** Matrices that are multiplied with activations become integers; what is small or only added stays f32. */
export function weightStorage({ name, rows, columns, isExact }: WeightShape, dtype: QuantisedDtype): WeightStorage {
  if (isExact) {
    return { plain: { name, type: 'F32', shape: [rows, columns] } };
  }
  const group = quantisedGroup(dtype, columns);
  const K = Math.ceil(columns / group) * group;
  return {
    scales: { name: `${name}.scales`, type: 'BF16', shape: [rows, K / group] },
    integers: { name, type: dtype === 'q8' ? 'I8' : 'U8', shape: [rows, quantisedRowBytes(dtype, K)] },
    group,
    K,
  };
}
