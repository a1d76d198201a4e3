import { type Bad, GgufBytes, NeedsMore } from './gguf-bytes.ts';
import { type GgufValue, readValue } from './gguf-values.ts';

/** What a GGUF file says of one tensor. */
export interface GgufTensorInfo {
  readonly name: string;
  /** Rows first; the file names the fastest dimension first. */
  readonly shape: readonly number[];
  /** ggml's number of its type. */
  readonly type: number;
  /** First byte, counted from the end of the header. */
  readonly offset: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensorInfo[];
  /** Where the tensors' bytes begin. */
  readonly dataStart: number;
  readonly alignment: number;
}

/** Reads some bytes of a file, fewer where it ends before. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>;

// What is read at first. A model's vocabulary takes 2 to 20 MB.
const firstBytes = 1 << 20;
const maxHeaderBytes = 512 << 20;

/**
 * Reads the header of a GGUF file, version 2 or 3: metadata, then what there is of tensors. More of the file is read until
 * the header is whole, twice as much each time, and looked at anew: that costs less than waiting for each string.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * @param size bytes of the file, where that is known
 * @throws GptletError BAD_CHECKPOINT for anything that the format or the file's size forbids
 */
export async function readGgufHeader(read: ReadBytes, size: number | undefined, bad: Bad): Promise<GgufHeader> {
  let known = size ?? Number.POSITIVE_INFINITY;
  let bytes: Uint8Array = new Uint8Array(0);
  for (let wanted = firstBytes; ; ) {
    const end = Math.min(wanted, known);
    bytes = joined(bytes, await read(bytes.length, end));
    if (bytes.length < end) known = bytes.length;
    try {
      return parseHeader(new GgufBytes(bytes, known, bad));
    } catch (error) {
      if (!(error instanceof NeedsMore)) throw error;
      if (error.bytes > maxHeaderBytes) throw bad(`its header takes ${error.bytes} bytes or more`);
      wanted = Math.max(2 * bytes.length, error.bytes);
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function parseHeader(bytes: GgufBytes): GgufHeader {
  const { bad } = bytes;
  if (bytes.u32() !== 0x46554747) throw bad("it does not begin with 'GGUF'");
  const version = bytes.u32();
  if (version !== 2 && version !== 3) {
    throw bad(
      `it is of version ${version > 0xffff ? 'big-endian' : version}; gptlet reads versions 2 and 3, little-endian`,
    );
  }
  const tensorCount = bytes.u64();
  const keyCount = bytes.u64();
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = bytes.string();
    if (metadata.has(key)) throw bad(`its metadata hold '${key.slice(0, 100)}' twice`);
    metadata.set(key, readValue(bytes));
  }
  const alignment = metadata.get('general.alignment') ?? 32;
  if (
    typeof alignment !== 'number' ||
    !(alignment >= 1) ||
    alignment > 1 << 20 ||
    !Number.isInteger(Math.log2(alignment))
  )
    throw bad(`general.alignment is ${String(alignment).slice(0, 100)}, which is no power of two`);
  const tensors: GgufTensorInfo[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensorCount; i++) {
    const tensor = readTensorInfo(bytes, alignment);
    if (names.has(tensor.name)) throw bad(`it holds the tensor '${tensor.name}' twice`);
    names.add(tensor.name);
    tensors.push(tensor);
  }
  return { metadata, tensors, dataStart: Math.ceil(bytes.at / alignment) * alignment, alignment };
}

function readTensorInfo(bytes: GgufBytes, alignment: number): GgufTensorInfo {
  const { bad } = bytes;
  const name = bytes.string();
  if (name.length > 200) throw bad(`a tensor has a name of ${name.length} letters`);
  const dimensions = bytes.u32();
  if (dimensions > 4) throw bad(`tensor '${name}' has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => bytes.u64()).reverse();
  const type = bytes.u32();
  const offset = bytes.u64();
  if (offset % alignment !== 0) throw bad(`tensor '${name}' begins at ${offset}, no multiple of ${alignment}`);
  return { name, shape, type, offset };
}
