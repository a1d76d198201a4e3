import { GptletError } from '../api/errors.ts';
import { elementBytes } from './element-types.ts';
import { type PickledTensor, readTensorPickle } from './pytorch-pickle.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange, readWhole } from './sources/read-file.ts';
import type { StoredTensor, WeightFile } from './weight-file.ts';
import { localHeaderBytes, readZipDirectory, type ZipEntry } from './zip-directory.ts';

const maxPickleBytes = 32 << 20;
// What is read whole where a server does not even tell the size of a file.
const maxUnsizedBytes = 2 ** 31;

/**
 * Reads the table of contents of a `pytorch_model.bin`: a zip archive with a pickle of tensors and one
 * file for each storage.
 *
 * @throws GptletError BAD_CHECKPOINT for any other content; nothing in the pickle is ever executed.
 */
export async function readPytorchHeader(name: string, given: SourceFile, signal?: AbortSignal): Promise<WeightFile> {
  const bad = (what: string): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${given.location}: ${what}. Download or export it again.`);
  const file = given.size === undefined ? await heldInMemory(given, signal) : given;
  const size = file.size ?? 0;
  const entries = await readZipDirectory(file, size, signal);
  const pickles = entries.filter((entry) => /^[^/]+\/data\.pkl$/.test(entry.name));
  if (pickles.length !== 1) throw bad('it is a zip archive, but not one of torch.save: it has no data.pkl');
  const folder = pickles[0].name.slice(0, -'data.pkl'.length);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const order = byName.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(await readEntry(file, order, 16, bad, signal)) !== 'little')
    throw bad('its numbers are big-endian');
  let pickled: Map<string, PickledTensor>;
  try {
    pickled = readTensorPickle(await readEntry(file, pickles[0], maxPickleBytes, bad, signal));
  } catch (cause) {
    if (GptletError.isInstance(cause)) throw cause;
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${given.location}: its pickle is refused: ${(cause as Error).message}. Publish the weights as safetensors, or save the state_dict again.`,
      { cause },
    );
  }
  const tensors = [...pickled].map(([tensorName, tensor]) =>
    storedTensor(tensorName, tensor, byName.get(`${folder}data/${tensor.storageKey}`), bad),
  );
  tensors.sort((a, b) => (a.entryStart ?? 0) - (b.entryStart ?? 0) || a.start - b.start);
  return { name, file, size, tensors };
}

function storedTensor(
  name: string,
  tensor: PickledTensor,
  entry: ZipEntry | undefined,
  bad: (what: string) => GptletError,
): StoredTensor {
  const { type, shape, strides, storageOffset } = tensor;
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = elements * elementBytes[type];
  if (!entry) throw bad(`the data of tensor '${name}' (storage ${tensor.storageKey}) are not in it`);
  const start = storageOffset * elementBytes[type];
  if (!Number.isSafeInteger(start + bytes) || start + bytes > entry.bytes) {
    throw bad(`tensor '${name}' takes bytes ${start} to ${start + bytes} of a storage of ${entry.bytes}`);
  }
  const transposed =
    shape.length === 2 && !isContiguous(shape, strides) && isContiguous([shape[1], shape[0]], [strides[1], strides[0]]);
  if (!transposed && !isContiguous(shape, strides)) {
    throw bad(
      `tensor '${name}' of shape [${shape.join(', ')}] has the strides [${strides.join(', ')}], which are neither rows nor columns in order`,
    );
  }
  return { name, type, shape, start, bytes, entryStart: entry.headerStart, transposed };
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

async function readEntry(
  file: SourceFile,
  entry: ZipEntry,
  limit: number,
  bad: (what: string) => GptletError,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (entry.bytes > limit) throw bad(`'${entry.name}' has ${entry.bytes} bytes, more than any real one`);
  const header = await readRange(file, entry.headerStart, entry.headerStart + localHeaderBytes, signal);
  const start = entry.headerStart + localHeaderSize(header);
  return readRange(file, start, start + entry.bytes, signal);
}

/** Bytes of a whole local header, from its fixed part. */
export function localHeaderSize(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  return localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

/** Where neither a size nor the end can be had, the directory at the end can only be found in memory. */
async function heldInMemory(file: SourceFile, signal?: AbortSignal): Promise<SourceFile> {
  const bytes = await readWhole(file, maxUnsizedBytes, signal);
  return {
    location: file.location,
    size: bytes.length,
    async *stream(start, end = bytes.length, streamSignal) {
      streamSignal?.throwIfAborted();
      if (start < end) yield bytes.subarray(start, end);
    },
  };
}
