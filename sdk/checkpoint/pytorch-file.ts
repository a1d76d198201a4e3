import { GptletError } from '../api/errors.ts';
import { PickleError } from './pickle.ts';
import { isLegacyTorch, readLegacyTorch } from './pytorch-legacy.ts';
import { storedTensor } from './pytorch-tensor.ts';
import { readTorchZip, type TorchContents } from './pytorch-zip.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange, readWhole } from './sources/read-file.ts';
import type { WeightFile } from './weight-file.ts';

// What is read whole where a server does not even tell the size of a file.
const maxUnsizedBytes = 2 ** 31;

/**
 * Reads the table of contents of a `pytorch_model.bin`: a pickle of tensors and their storages, in a zip
 * archive or, before torch 1.6, one after the other.
 *
 * @throws GptletError BAD_CHECKPOINT for any other content; nothing in the pickle is ever executed.
 */
export async function readPytorchHeader(name: string, given: SourceFile, signal?: AbortSignal): Promise<WeightFile> {
  const bad = (what: string, cause?: unknown): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${given.location}: ${what}. Download or export it again.`, { cause });
  const file = given.size === undefined ? await heldInMemory(given, signal) : given;
  const size = file.size ?? 0;
  if (size < 16) throw bad(`it has ${size} bytes, fewer than any torch file`);
  const isLegacy = isLegacyTorch(await readRange(file, 0, 16, signal));
  let contents: TorchContents;
  try {
    contents = await (isLegacy ? readLegacyTorch : readTorchZip)(file, size, bad, signal);
  } catch (cause) {
    if (GptletError.isInstance(cause) || signal?.aborted || !(cause instanceof PickleError)) throw cause;
    throw bad(
      `its pickle is refused: ${cause.message}. Publish the weights as safetensors, or save the state_dict alone`,
      cause,
    );
  }
  const tensors = [...contents.tensors].map(([tensorName, tensor]) =>
    storedTensor(tensorName, tensor, contents.storages.get(tensor.storageKey), bad),
  );
  tensors.sort((a, b) => (a.entryStart ?? 0) - (b.entryStart ?? 0) || a.start - b.start);
  return { name, file, size, tensors };
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
