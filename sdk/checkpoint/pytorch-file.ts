import { GptletError } from '../errors/gptlet-error.ts';
import { PickleError } from './pickle-reader.ts';
import { isLegacyTorch, readLegacyTorch } from './pytorch-legacy.ts';
import { storedTensor } from './pytorch-tensor.ts';
import { readTorchZip, type TorchContents } from './pytorch-zip.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange } from './sources/read-file.ts';
import type { StoredTensor } from './weight-file.ts';

/**
 * Reads the table of contents of a `pytorch_model.bin` of `size` bytes: a pickle of tensors and their storages, in a
 * zip archive or, before torch 1.6, one after the other.
 *
 * @throws GptletError BAD_CHECKPOINT for any other content; nothing in the pickle is ever executed.
 */
export async function readPytorchTensors(
  file: SourceFile,
  size: number,
  signal?: AbortSignal,
): Promise<StoredTensor[]> {
  const bad = (what: string, cause?: unknown): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${file.location}: ${what}. Download or export it again.`, { cause });
  if (size < 16) throw bad(`it has ${size} bytes, fewer than any torch file`);
  const isLegacy = isLegacyTorch(await readRange(file, 0, 16, signal));
  let contents: TorchContents;
  try {
    contents = await (isLegacy ? readLegacyTorch : readTorchZip)(file, size, bad, signal);
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw cause;
    throw bad(
      `its pickle is refused: ${cause.message}. Publish the weights as safetensors, or save the state_dict alone`,
      cause,
    );
  }
  return [...contents.tensors]
    .map(([name, tensor]) => storedTensor(name, tensor, contents.storages.get(tensor.storageKey), bad))
    .sort((a, b) => (a.entryStart ?? 0) - (b.entryStart ?? 0) || a.start - b.start);
}
