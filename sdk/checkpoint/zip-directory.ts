import { GptletError } from '../errors/gptlet-error.ts';
import type { SourceFile } from './sources/file-source.ts';
import { readRange } from './sources/read-file.ts';

/** One stored file of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Where its local header stands; the data follows behind names of a length that only that header tells. */
  readonly headerStart: number;
  readonly bytes: number;
}

/** Bytes of a local header before the name and the extra field. */
export const localHeaderBytes = 30;

/** Bytes of a whole local header, from its fixed part. */
export function localHeaderSize(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  return localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

const maxDirectoryBytes = 32 << 20;

/**
 * Reads the directory at the end of a zip archive whose entries are stored without compression, as
 * torch.save writes them. Format: APPNOTE.TXT of PKWARE, with the 64-bit extension.
 *
 * @throws GptletError BAD_CHECKPOINT
 */
export async function readZipDirectory(file: SourceFile, size: number, signal?: AbortSignal): Promise<ZipEntry[]> {
  const bad = (what: string): GptletError =>
    new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} is not a sound zip archive: ${what}. Download or export it again.`,
    );
  const { start, end } = await findDirectory(file, size, bad, signal);
  if (end > size || start > end) throw bad(`its directory claims bytes ${start} to ${end} of ${size}`);
  if (end - start > maxDirectoryBytes) throw bad(`its directory has ${end - start} bytes`);
  const bytes = await readRange(file, start, end, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw bad(`its directory is broken at entry ${entries.length}`);
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > bytes.length) throw bad(`its directory is broken at entry ${entries.length}`);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const entry = readEntry(view, at, name, at + 46 + nameBytes, extraBytes);
    if (view.getUint16(at + 10, true) !== 0 || view.getUint16(at + 8, true) & 1)
      throw bad(`'${name}' is compressed or encrypted, which torch.save never does`);
    if (entry.headerStart + localHeaderBytes + entry.bytes > size)
      throw bad(`'${name}' claims ${entry.bytes} bytes behind byte ${entry.headerStart} of ${size}`);
    entries.push(entry);
    at = next;
  }
  return entries;
}

function readEntry(view: DataView, at: number, name: string, extraStart: number, extraBytes: number): ZipEntry {
  let bytes = view.getUint32(at + 24, true);
  let headerStart = view.getUint32(at + 42, true);
  // The 64-bit extra field holds, in this order, only those values that are all ones above.
  for (let extra = extraStart; extra + 4 <= extraStart + extraBytes; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== 1) continue;
    const end = Math.min(extra + 4 + view.getUint16(extra + 2, true), extraStart + extraBytes);
    let field = extra + 4;
    const take = (value: number): number => {
      if (value !== 0xffffffff || field + 8 > end) return value;
      field += 8;
      return Number(view.getBigUint64(field - 8, true));
    };
    bytes = take(bytes);
    if (view.getUint32(at + 20, true) === 0xffffffff) take(0xffffffff);
    headerStart = take(headerStart);
  }
  return { name, headerStart, bytes };
}

async function findDirectory(
  file: SourceFile,
  size: number,
  bad: (what: string) => GptletError,
  signal?: AbortSignal,
): Promise<{ start: number; end: number }> {
  // The end record has 22 bytes and a comment of up to 65,535; before it may stand the locator of the 64-bit one.
  const tailStart = Math.max(0, size - 22 - 65_535 - 20);
  const tail = await readRange(file, tailStart, size, signal);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  let at = tail.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== 0x06054b50) at--;
  if (at < 0) throw bad('it has no end record');
  const bytes = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (bytes !== 0xffffffff && start !== 0xffffffff) return { start, end: start + bytes };
  if (at < 20 || view.getUint32(at - 20, true) !== 0x07064b50) throw bad('its 64-bit end record is missing');
  const recordStart = Number(view.getBigUint64(at - 12, true));
  if (recordStart + 56 > size) throw bad(`its 64-bit end record is said to be at byte ${recordStart} of ${size}`);
  const record = await readRange(file, recordStart, recordStart + 56, signal);
  const fields = new DataView(record.buffer, record.byteOffset, record.length);
  if (fields.getUint32(0, true) !== 0x06064b50) throw bad('its 64-bit end record is broken');
  const start64 = Number(fields.getBigUint64(48, true));
  return { start: start64, end: start64 + Number(fields.getBigUint64(40, true)) };
}
