import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { JobParameters } from '../training-job.ts';

/** Values read or written at once: 4 MB. */
const pieceLength = 1 << 20;

/** Values of the buffer `parameters`, and of those at the same offsets. */
export const parametersLength = ({ parameters }: TrainingPlan): number =>
  parameters.reduce((end, { offset, rows, columns }) => Math.max(end, offset + rows * columns), 0);

/** A buffer's first values in pieces, so that no copy of all is made. */
export async function* readPieces(executor: Executor, buffer: string, length: number): AsyncGenerator<Float32Array> {
  for (let at = 0; at < length; at += pieceLength)
    yield await executor.read(buffer, at, Math.min(pieceLength, length - at));
}

/** A copy of all parameters, into `copy` where there is one. */
export async function copyParameters(
  executor: Executor,
  plan: TrainingPlan,
  copy: Float32Array = new Float32Array(parametersLength(plan)),
): Promise<Float32Array> {
  let at = 0;
  for await (const piece of readPieces(executor, 'parameters', copy.length)) {
    copy.set(piece, at);
    at += piece.length;
  }
  return copy;
}

/** Parameters by name, as views of `values`. */
export const namedParameters = ({ parameters }: TrainingPlan, values: Float32Array): JobParameters =>
  Object.fromEntries(
    parameters.map(({ name, rows, columns, offset }) => [
      name,
      { rows, columns, data: values.subarray(offset, offset + rows * columns) },
    ]),
  );
