import type { GptletError } from '../errors/gptlet-error.ts';
import { elementBytes } from './element-types.ts';
import type { PickledTensor } from './pytorch-pickle.ts';
import type { StoredTensor } from './weight-file.ts';

/** Where a storage's bytes are: in the file, or behind a zip entry's local header. */
export interface StorageBytes {
  readonly start: number;
  readonly bytes: number;
  readonly entryStart?: number;
}

/** Finds a tensor's bytes in its storage. @throws what `bad` makes for one that does not fit, or lies scattered. */
export function storedTensor(
  name: string,
  tensor: PickledTensor,
  storage: StorageBytes | undefined,
  bad: (what: string) => GptletError,
): StoredTensor {
  const { type, shape, strides, storageOffset } = tensor;
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = elements * elementBytes[type];
  if (!storage) throw bad(`the data of tensor '${name}' (storage ${tensor.storageKey}) are not in it`);
  const start = storageOffset * elementBytes[type];
  if (!Number.isSafeInteger(start + bytes) || start + bytes > storage.bytes) {
    throw bad(`tensor '${name}' takes bytes ${start} to ${start + bytes} of a storage of ${storage.bytes}`);
  }
  const transposed =
    shape.length === 2 && !isContiguous(shape, strides) && isContiguous([shape[1], shape[0]], [strides[1], strides[0]]);
  if (!transposed && !isContiguous(shape, strides)) {
    throw bad(
      `tensor '${name}' of shape [${shape.join(', ')}] has the strides [${strides.join(', ')}], which are neither rows nor columns in order`,
    );
  }
  return { name, type, shape, start: storage.start + start, bytes, entryStart: storage.entryStart, transposed };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    // The stride of an axis of one element is never used, and torch leaves anything there.
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
