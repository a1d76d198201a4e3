import type { TensorOrigin, TensorPart } from '../model/tensor.ts';
import { JoinedVectors } from './joined-vectors.ts';
import type { FilePlan, PlannedTensor } from './tensor-plan.ts';

/**
 * Makes canonical parts of those in which a file's tensors come, where the file holds them otherwise: with rows in another
 * order, vectors in pieces, one tensor for two weights, norms without their 1. Costs no memory but the vectors'.
 *
 * @param parts what `streamTensors` gives
 */
export function placeParts(parts: AsyncIterable<TensorPart>, plans: readonly FilePlan[]): AsyncIterable<TensorPart> {
  const others = plans
    .flatMap(({ tensors }) => tensors)
    .filter(({ also, runs, vector, fromOne }) => also || runs || vector || fromOne)
    .map((planned): [string, PlannedTensor] => [planned.stored.name, planned]);
  return others.length > 0 ? placeOthers(parts, new Map(others)) : parts;
}

async function* placeOthers(
  parts: AsyncIterable<TensorPart>,
  others: ReadonlyMap<string, PlannedTensor>,
): AsyncGenerator<TensorPart> {
  const vectors = new JoinedVectors();
  for await (const part of parts) {
    const planned = others.get(part.origin?.name ?? '');
    if (!planned) {
      yield part;
      continue;
    }
    const { also = [], fromOne } = planned;
    if (fromOne) for (let i = 0; i < part.data.length; i++) part.data[i] += 1;
    for (const placed of planned.vector ? vectors.take(part, planned) : placeRows(part, planned)) {
      for (const name of [planned.name, ...also]) yield { ...placed, name };
    }
  }
}

/** Stored rows as they belong in the weight: as they are, or by runs, each a view with a stride. */
function* placeRows(chunk: TensorPart, { runs, rowOffset }: PlannedTensor): Generator<TensorPart> {
  if (!runs) return yield chunk;
  const { columns, data } = chunk;
  const origin = chunk.origin as TensorOrigin;
  for (const { from, step, count, to } of runs) {
    // The rows of the run that lie in the chunk.
    const begin = Math.max(0, Math.ceil((origin.row - from) / step));
    const end = Math.min(count, Math.ceil((origin.row + chunk.rows - from) / step));
    if (begin >= end) continue;
    const row = from + begin * step;
    const start = (row - origin.row) * columns;
    yield {
      ...chunk,
      rowOffset: rowOffset + to + begin,
      rows: end - begin,
      rowStride: step * columns,
      data: data.subarray(start, start + (end - begin - 1) * step * columns + columns),
      origin: { ...origin, row, rowStep: step },
    };
  }
}
