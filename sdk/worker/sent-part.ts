import { transfer } from 'comlink';
import type { TensorPart } from '../model/tensor.ts';
import type { Outcome } from './outcome.ts';

/** A part of a weight on its way to another thread: what is quantised travels as integers alone. */
export type SentPart = Pick<TensorPart, 'name' | 'rowOffset' | 'rows' | 'columns' | 'quantised'> &
  Partial<Pick<TensorPart, 'rowStride' | 'columnStride' | 'data'>>;

/** Takes a part on the other side, and answers when the next one may come. A Comlink proxy. */
export type TakePart = (part: SentPart) => Promise<Outcome<void>>;

/** Copies a part, whose memory is its reader's, and moves the copy. */
export function sendPart(part: TensorPart): SentPart {
  const { name, rowOffset, rows, columns, quantised } = part;
  const place = { name, rowOffset, rows, columns };
  if (quantised) {
    const { dtype, group, K } = quantised;
    const integers = quantised.integers.slice();
    // The view goes on to the matrix's last row.
    const scales = quantised.scales.slice(0, (rows * K) / group);
    return transfer({ ...place, quantised: { dtype, group, K, integers, scales } }, [integers.buffer, scales.buffer]);
  }
  const data = part.data.slice();
  return transfer({ ...place, rowStride: part.rowStride, columnStride: part.columnStride, data }, [data.buffer]);
}
