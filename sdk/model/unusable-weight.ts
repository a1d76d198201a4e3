import { GptletError } from '../errors/gptlet-error.ts';
import type { Dtype } from './dtype.ts';
import type { TensorOrigin, TensorPart } from './tensor.ts';

/** The error of a part of which a row holds NaN or Infinity, or a number that is too large to be held as `dtype`. */
export function unusableWeight(part: TensorPart, row: number, dtype: Dtype = 'f32'): GptletError {
  const { data, rowStride, columnStride, columns } = part;
  const valueAt = (column: number): number => data[row * rowStride + column * columnStride];
  let worst = 0;
  for (let column = 1; column < columns && Number.isFinite(valueAt(worst)); column++) {
    // NaN is larger than nothing, and worse than all.
    if (!(Math.abs(valueAt(column)) <= Math.abs(valueAt(worst)))) worst = column;
  }
  const origin: TensorOrigin = part.origin ?? { name: part.name, row: part.rowOffset, transposed: false };
  const at = [origin.row + row * (origin.rowStep ?? 1), worst];
  if (origin.transposed) at.reverse();
  const what = `${origin.name} holds ${valueAt(worst)} at row ${at[0]}, column ${at[1]}`;
  return Number.isFinite(valueAt(worst))
    ? new GptletError(
        'UNSUPPORTED_MODEL',
        `${what}, which is too large for ${dtype} weights. Load it with dtype: 'f32'.`,
      )
    : new GptletError(
        'BAD_CHECKPOINT',
        `${what}. A model with such a weight answers nothing but NaN; take an undamaged checkpoint.`,
      );
}
