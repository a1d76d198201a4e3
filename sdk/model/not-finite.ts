import { GptletError } from '../errors/gptlet-error.ts';
import type { TensorPart } from './tensor.ts';

/** The error of a part of which a row holds NaN or Infinity. */
export function notFinite(part: TensorPart, row: number): GptletError {
  const { data, rowStride, columnStride, columns } = part;
  let column = 0;
  while (column < columns - 1 && Number.isFinite(data[row * rowStride + column * columnStride])) column++;
  const value = data[row * rowStride + column * columnStride];
  return new GptletError(
    'BAD_CHECKPOINT',
    `${part.name} holds ${value} at row ${part.rowOffset + row}, column ${column}. A model with such a weight answers nothing but NaN; take an undamaged checkpoint.`,
  );
}
