import type { SourceFile } from './sources/file-source.ts';
import { bytesFile } from './sources/model-files.ts';
import { readWhole } from './sources/read-file.ts';
import type { ReadTorchTensors, WeightFile } from './weight-file.ts';

// What is read whole where a server does not even tell the size of a file.
const maxUnsizedBytes = 2 ** 31;

/**
 * A reader of the table of contents of a `pytorch_model.bin`.
 *
 * @throws GptletError BAD_CHECKPOINT for any other content; nothing in the pickle is ever executed.
 */
export const pytorchHeaderReader =
  (readTensors: ReadTorchTensors) =>
  async (name: string, given: SourceFile, signal?: AbortSignal): Promise<WeightFile> => {
    // Where neither a size nor the end can be had, the directory at the end can only be found in memory.
    const file =
      given.size === undefined ? bytesFile(given.location, await readWhole(given, maxUnsizedBytes, signal)) : given;
    const size = file.size ?? 0;
    return { name, file, size, tensors: await readTensors(file, size, signal) };
  };
