import { proxy } from 'comlink';
import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { readRange } from '../../checkpoint/sources/read-file.ts';
import type { StoredTensor } from '../../checkpoint/weight-file.ts';
import { fromOutcome } from '../outcome.ts';
import { page } from './page.ts';

/** Stands in a worker for the function of the same name in sdk/checkpoint. */
export async function readPytorchOnDemand(
  file: SourceFile,
  size: number,
  signal?: AbortSignal,
): Promise<readonly StoredTensor[]> {
  const read = proxy((start: number, end: number) => readRange(file, start, end, signal));
  const outcome = await page().readPytorch(file.location, size, read);
  signal?.throwIfAborted();
  return fromOutcome(outcome);
}
