import { GptletError } from '../../errors/gptlet-error.ts';
import { joinLists } from '../../platform/join-lists.ts';
import type { SourceFile } from './file-source.ts';

/**
 * Reads `start … end` of a file into one array. Memory grows with what really arrives, never with what
 * a header claims, so a lying length costs nothing.
 *
 * @throws GptletError BAD_CHECKPOINT if the file ends before `end`.
 */
export async function readRange(
  file: SourceFile,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await readUpTo(file, start, end, signal);
  if (bytes.length < end - start) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} ends at byte ${start + bytes.length}, but ${end} bytes are needed: the file is cut short. Download or copy it again.`,
    );
  }
  return bytes;
}

/** Reads a whole file of at most `limit` bytes. @throws GptletError BAD_CHECKPOINT if it is larger. */
export async function readWhole(file: SourceFile, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = file.size !== undefined && file.size > limit ? undefined : await readUpTo(file, 0, limit + 1, signal);
  if (bytes === undefined || bytes.length > limit) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} is larger than ${limit} bytes, which a file of this kind never is. Check that it is the right file.`,
    );
  }
  return bytes;
}

/** As {@link readRange}, but fewer bytes where the file ends before. */
export async function readUpTo(
  file: SourceFile,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.stream(start, end, signal)) {
    // A copy: the source may reuse the chunk's memory.
    const piece = chunk.slice(0, end - start - length);
    chunks.push(piece);
    length += piece.length;
    if (length >= end - start) break;
  }
  return joinLists(chunks, Uint8Array);
}
