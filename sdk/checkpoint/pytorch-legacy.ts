import { type PickleGlobals, unpickle } from './pickle.ts';
import { PickleError } from './pickle-reader.ts';
import { readTensorPickle } from './pytorch-pickle.ts';
import type { StorageBytes } from './pytorch-tensor.ts';
import type { Bad, TorchContents } from './pytorch-zip.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange } from './sources/read-file.ts';

// The pickles of the largest GPT-2 take some 200 kB; they stand before the storages.
const maxPickleBytes = 8 << 20;

/** The first pickle of the old format is this number. */
const magic = Number(0x1950a86a20f9469cfc6cn);

/** Whether a file begins as torch wrote before 1.6: protocol 2 and a number of ten bytes. */
export const isLegacyTorch = (head: Uint8Array): boolean =>
  [0x80, 2, 0x8a, 10].every((byte, index) => head[index] === byte);

/**
 * torch's format before 1.6, in which many of the hub's first models still lie: five pickles (a number, a
 * version, facts of the machine, the tensors, the keys of the storages), then each storage's number of
 * elements in 8 bytes and its elements, in the order of the keys.
 */
export async function readLegacyTorch(
  file: SourceFile,
  size: number,
  bad: Bad,
  signal?: AbortSignal,
): Promise<TorchContents> {
  const bytes = await readRange(file, 0, Math.min(size, maxPickleBytes), signal);
  const number = await unpickle(bytes, plain);
  const version = await unpickle(bytes, plain, number.end);
  if (number.value !== magic || version.value !== 1001)
    throw bad('it begins like a torch file from before 1.6, but is none');
  const facts = await unpickle(bytes, plain, version.end);
  if (!(facts.value instanceof Map) || facts.value.get('little_endian') !== true)
    throw bad('its numbers are big-endian');
  const { tensors, storageBytes, end } = await readTensorPickle(bytes, facts.end);
  const keys = await unpickle(bytes, plain, end);
  if (!Array.isArray(keys.value)) throw bad('it has no list of storages');
  const storages = new Map<string, StorageBytes>();
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const length = typeof key === 'string' && !storages.has(key) ? storageBytes.get(key) : undefined;
    if (length === undefined)
      throw bad(`it lists the storage ${JSON.stringify(key)?.slice(0, 100)}, which no tensor has`);
    storages.set(key as string, { start: at + 8, bytes: length });
    at += 8 + length;
  }
  if (at !== size) throw bad(`its storages end at byte ${at}, the file at ${size}`);
  return { tensors, storages };
}

/** Numbers, texts, dicts and lists: nothing by name. */
const plain: PickleGlobals = {
  find: refuse,
  call: refuse,
  persistent: refuse,
};

function refuse(): never {
  throw new PickleError('it refers to something by name where only numbers and texts stand');
}
