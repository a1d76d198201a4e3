import type { Checkpoint } from '../checkpoint.ts';
import { countTypes } from '../count-types.ts';
import { placeParts } from '../placed-parts.ts';
import type { FileSource, SourceFile } from '../sources/file-source.ts';
import { readUpTo } from '../sources/read-file.ts';
import { streamTensors } from '../tensor-stream.ts';
import type { ReadFileBytes, ReadGguf } from './gguf-contents.ts';
import { streamBlocks } from './gguf-stream.ts';
import { createUnpacker } from './unpacker.ts';

/** Opens a GGUF file as a checkpoint: all that one needs is in it. @throws GptletError as openCheckpoint does */
export async function openGguf(
  files: FileSource,
  name: string,
  read: ReadGguf,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const opened: Record<string, SourceFile | undefined> = {};
  const readBytes: ReadFileBytes = async (part, start, end) => {
    const file = (opened[part] ??= await files.open(part, signal));
    return file && { bytes: await readUpTo(file, start, end, signal), location: file.location, size: file.size };
  };
  const contents = await read(name, readBytes, files.list);
  const unpacker = await createUnpacker(contents.unpacker);
  const plans = contents.files.map((part) => ({
    weightFile: { ...part, tensors: [], file: opened[part.name] as SourceFile },
    tensors: part.tensors.map(({ unpacked, ...tensor }) =>
      unpacked ? { ...tensor, stream: streamBlocks(unpacker, unpacked) } : tensor,
    ),
  }));
  return {
    ...contents,
    weightTypes: countTypes(contents.files.flatMap(({ tensors }) => tensors)),
    totalBytes: contents.files.reduce((total, { size }) => total + size, 0),
    tensors: (options) => placeParts(streamTensors(plans, options), plans),
  };
}
