import { GptletError } from '../errors/gptlet-error.ts';
import type { PlannedTensor } from './tensor-plan.ts';
import type { WeightFile } from './weight-file.ts';

/** Looks at a tensor's values, in parts and in the file's order. */
export interface ZeroCheck {
  look(data: Float32Array): void;
  /** @throws GptletError BAD_CHECKPOINT for a norm's weight, or an embedding of tokens, that is nothing but zeros */
  finish(): void;
}

/**
 * Notices what an interrupted download leaves where the file had its full size from the start: zeros up to the end. Weights
 * may be zero, so that only those make an error without which no model is one.
 */
export function zeroCheck(
  { file, size }: WeightFile,
  { stored, name, rows, columns, transposed, fromOne }: PlannedTensor,
  warn?: (message: string) => void,
): ZeroCheck {
  let allZero = true;
  let endsInZeros = false;
  return {
    look(data) {
      // Both end at the first weight, as a rule.
      allZero &&= data.every(isZero);
      endsInZeros = data.subarray(-(transposed ? rows : columns)).every(isZero);
    },
    finish() {
      if (!endsInZeros || name.endsWith('.bias')) return;
      const what = `${file.location}: '${stored.name}' ${allZero ? 'holds nothing but' : 'ends in'} zeros, as interrupted downloads do. Compare it with its source.`;
      if (allZero && !fromOne && /^tokenE|norm\d?\.w/i.test(name)) throw new GptletError('BAD_CHECKPOINT', what);
      if (stored.start + stored.bytes === size && stored.entryStart === undefined) warn?.(what);
    },
  };
}

const isZero = (value: number): boolean => value === 0;
