import { GptletError } from '../../errors/gptlet-error.ts';
import type { StoredTensor } from '../weight-file.ts';
import type { ReadFileBytes } from './gguf-contents.ts';
import { type GgufHeader, type ReadBytes, readGgufHeader } from './gguf-header.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import { locateTensors } from './tensor-types.ts';

/** A GGUF file of which the header has been read; a split one has several, each with a header of its own. */
export interface GgufPart {
  readonly name: string;
  readonly location: string;
  readonly size: number;
  readonly header: GgufHeader;
  readonly tensors: readonly StoredTensor[];
  readonly read: ReadBytes;
}

/** @throws GptletError MODEL_NOT_FOUND where there is no such file, BAD_CHECKPOINT, UNSUPPORTED_MODEL */
export async function openGgufPart(name: string, readFile: ReadFileBytes): Promise<GgufPart> {
  const beginning = await readFile(name, 0, 4);
  if (!beginning) {
    throw new GptletError('MODEL_NOT_FOUND', `No model found: there is no ${name}. Check the name.`);
  }
  const { location, size } = beginning;
  const read: ReadBytes = async (start, end) => (await readFile(name, start, end))?.bytes ?? new Uint8Array(0);
  const bad = (what: string): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${location} is not a sound GGUF file: ${what}. Download or convert it again.`);
  const header = await readGgufHeader(read, size, bad);
  const tensors = locateTensors(header, size, location, bad);
  const last = tensors.at(-1);
  return { name, location, size: size ?? (last ? last.start + last.bytes : header.dataStart), header, tensors, read };
}

const partName = /-00001-of-(\d{5})\.gguf$/;

/**
 * The other parts of a split file. The first holds the metadata.
 *
 * @throws GptletError BAD_CHECKPOINT where the file is a part but not the first, or is not called as llama.cpp names them
 */
export function partNames(name: string, metadata: GgufMetadata): string[] {
  const count = metadata.number('split.count') ?? 1;
  if (count <= 1) return [];
  const [ending, digits] = partName.exec(name) ?? [];
  if (ending === undefined || Number(digits) !== count) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${metadata.location} is one of ${count} parts. Give the first of them, with the ending '-00001-of-${String(count).padStart(5, '0')}.gguf', and keep the others beside it.`,
    );
  }
  return Array.from({ length: count - 1 }, (_, i) =>
    name.replace('-00001-of-', `-${String(i + 2).padStart(5, '0')}-of-`),
  );
}
