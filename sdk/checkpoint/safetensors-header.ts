import { GptletError } from '../errors/gptlet-error.ts';
import { elementBytes } from './element-types.ts';
import { duplicateKeys } from './json-keys.ts';
import { isRecord, isSizes } from './json-values.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange } from './sources/read-file.ts';
import type { StoredTensor, WeightFile } from './weight-file.ts';

// The format's own limit on its header.
const maxHeaderBytes = 100_000_000;

/**
 * Reads a safetensors file's header: 8 bytes of length (little-endian), JSON, then the data.
 * Format: https://github.com/huggingface/safetensors#format
 *
 * @throws GptletError BAD_CHECKPOINT for anything that the format or the file's size forbids, before
 *   more is allocated than the file holds.
 */
export async function readSafetensorsHeader(name: string, file: SourceFile, signal?: AbortSignal): Promise<WeightFile> {
  const bad = (what: string): GptletError =>
    new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} is not a sound safetensors file: ${what}. Download or export it again.`,
    );
  if (file.size !== undefined && file.size < 10) throw bad(`it has ${file.size} bytes, fewer than a header takes`);
  const prefix = await readRange(file, 0, 8, signal);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes || (file.size !== undefined && 8 + length > file.size)) {
    throw bad(`its header claims ${length} bytes${file.size === undefined ? '' : ` of a file of ${file.size}`}`);
  }
  const header = parse(await readRange(file, 8, 8 + length, signal), bad);
  const tensors = Object.entries(header)
    .filter(([key]) => key !== '__metadata__')
    .map(([key, value]) => readEntry(key, value, 8 + length, bad))
    .sort((a, b) => a.start - b.start || a.bytes - b.bytes);
  const size = checkExtents(tensors, 8 + length, file.size, bad);
  const { __metadata__: metadata } = header;
  return { name, file, size, tensors, ...(isRecord(metadata) && { metadata }) };
}

type Bad = (what: string) => GptletError;

function parse(bytes: Uint8Array, bad: Bad): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw bad(`its header is not JSON (${(cause as Error).message.slice(0, 100)})`);
  }
  if (!isRecord(header)) throw bad('its header is not a JSON object');
  const twice = duplicateKeys(text);
  if (twice.length > 0) throw bad(`its header names ${twice.slice(0, 5).join(', ')} twice`);
  return header;
}

function readEntry(name: string, value: unknown, dataStart: number, bad: Bad): StoredTensor {
  if (!isRecord(value)) throw bad(`the entry of tensor '${name}' is not an object`);
  const { dtype: type, shape, data_offsets: offsets } = value;
  if (typeof type !== 'string' || !Object.hasOwn(elementBytes, type)) {
    throw bad(`tensor '${name}' has the unknown element type ${JSON.stringify(type)}`);
  }
  if (!isSizes(shape)) throw bad(`tensor '${name}' has the shape ${JSON.stringify(shape)?.slice(0, 100)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw bad(`tensor '${name}' has the data offsets ${JSON.stringify(offsets)?.slice(0, 100)}`);
  }
  const bytes = offsets[1] - offsets[0];
  const expected = shape.reduce((product, size) => product * size, elementBytes[type]);
  if (bytes !== expected)
    throw bad(
      `tensor '${name}' of shape [${shape.join(', ')}] and type ${type} takes ${expected} bytes, its offsets give it ${bytes}`,
    );
  return { name, type, shape, start: dataStart + offsets[0], bytes };
}

/** The format asks that the tensors fill the data without overlaps, holes or a rest. Returns the file's size. */
function checkExtents(
  tensors: readonly StoredTensor[],
  dataStart: number,
  fileSize: number | undefined,
  bad: Bad,
): number {
  let at = dataStart;
  for (const { name, start, bytes } of tensors) {
    if (start < at) throw bad(`tensor '${name}' overlaps the one before it`);
    if (start > at) throw bad(`${start - at} bytes before tensor '${name}' belong to none`);
    at = start + bytes;
  }
  if (fileSize !== undefined && at > fileSize)
    throw bad(`its tensors end at byte ${at}, the file at ${fileSize}: it is cut short`);
  if (fileSize !== undefined && at < fileSize) throw bad(`its tensors end at byte ${at}, but the file has ${fileSize}`);
  return at;
}
