import type { GptletError } from '../errors/gptlet-error.ts';
import { type PickledTensor, readTensorPickle } from './pytorch-pickle.ts';
import type { StorageBytes } from './pytorch-tensor.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange } from './sources/read-file.ts';
import { localHeaderBytes, localHeaderSize, readZipDirectory, type ZipEntry } from './zip-directory.ts';

const maxPickleBytes = 32 << 20;

/** The tensors of a torch file, and where each storage's bytes are. */
export interface TorchContents {
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  readonly storages: ReadonlyMap<string, StorageBytes>;
}

/** What throws for a file that is not sound. */
export type Bad = (what: string) => GptletError;

/** torch's format since 1.6: a zip archive with `data.pkl` and a file for each storage. */
export async function readTorchZip(
  file: SourceFile,
  size: number,
  bad: Bad,
  signal?: AbortSignal,
): Promise<TorchContents> {
  const entries = await readZipDirectory(file, size, signal);
  const pickles = entries.filter((entry) => /^[^/]+\/data\.pkl$/.test(entry.name));
  if (pickles.length !== 1) throw bad('it is a zip archive, but not one of torch.save: it has no data.pkl');
  const folder = pickles[0].name.slice(0, -'data.pkl'.length);
  const order = entries.find(({ name }) => name === `${folder}byteorder`);
  if (order && new TextDecoder().decode(await readEntry(file, order, 16, bad, signal)) !== 'little') {
    throw bad('its numbers are big-endian');
  }
  const prefix = `${folder}data/`;
  const storages = entries
    .filter(({ name }) => name.startsWith(prefix))
    .map(
      ({ name, headerStart, bytes }) =>
        [name.slice(prefix.length), { start: 0, entryStart: headerStart, bytes }] as const,
    );
  const pickle = await readEntry(file, pickles[0], maxPickleBytes, bad, signal);
  const { tensors } = await readTensorPickle(pickle);
  return { tensors, storages: new Map(storages) };
}

async function readEntry(
  file: SourceFile,
  entry: ZipEntry,
  limit: number,
  bad: Bad,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (entry.bytes > limit) throw bad(`'${entry.name}' has ${entry.bytes} bytes, more than any real one`);
  const header = await readRange(file, entry.headerStart, entry.headerStart + localHeaderBytes, signal);
  const start = entry.headerStart + localHeaderSize(header);
  return readRange(file, start, start + entry.bytes, signal);
}
