import { joinLists } from '../../platform/join-lists.ts';
import { Transient } from '../../platform/transient.ts';
import type { FileVersion, SourceFile } from './file-source.ts';
import { streamBySpeed } from './http-by-speed.ts';
import { Connection } from './http-connection.ts';
import type { HttpAccess, HttpAnswer } from './http-request.ts';
import { mayBeCompressed, type RemoteFile, streamHttp } from './http-stream.ts';
import { Retry } from './retry.ts';

// What the first request asks for: most small files whole, a weight file's header.
const prefixBytes = 256 << 10;

/**
 * Opens a file by its address with one request for its beginning, which is kept. A later stream goes on
 * from there, resumes after cuts by asking for the rest, and gives up after some tries without a byte.
 *
 * @returns undefined where the server has no such file; 'html' where it sent a page in its place, as
 *   servers of single-page apps do for every path that they do not know
 * @throws GptletError NETWORK
 */
export async function openHttpFile(
  url: URL,
  access: HttpAccess,
  signal?: AbortSignal,
): Promise<SourceFile | 'html' | undefined> {
  const retry = new Retry(url, access, signal);
  let whole = false;
  for (;;) {
    const prefix: Uint8Array[] = [];
    let length = 0;
    let answer: HttpAnswer | undefined;
    let complete = false;
    try {
      const connection = new Connection(access, signal);
      answer = await connection.ask(url, whole ? undefined : 0, prefixBytes);
      if (answer === undefined) return undefined;
      if (answer.start !== 0) throw new Transient(`the server sent bytes from ${answer.start} on in place of 0`);
      for await (const chunk of connection.body()) {
        // A copy: the next chunk comes into the same memory.
        prefix.push(chunk.slice());
        length += chunk.length;
        // More than asked for: a server without ranges, whose file need not come twice if it is small.
        if (length >= prefixBytes) break;
      }
      complete = length < prefixBytes;
      if (length === 0 && answer.size !== 0) throw new Transient('the connection ended before the first byte');
    } catch (error) {
      // A cut behind the first bytes is mended by whoever streams the rest.
      if (!(error instanceof Transient) || length === 0 || answer?.size === undefined) {
        if (mayBeCompressed(error)) whole = !whole;
        await retry.after(error, 0);
        continue;
      }
    }
    const head = joinLists(prefix, Uint8Array);
    if (isHtml(answer.response, head)) return 'html';
    const { size = complete ? length : undefined, validator, ranged } = answer;
    return httpFile({ url, access, size, validator, ranged, whole }, head);
  }
}

function httpFile(file: RemoteFile, head: Uint8Array): SourceFile {
  const { url, size, validator, ranged } = file;
  return {
    location: url.href,
    size,
    validator,
    async *stream(start, end = size ?? Number.POSITIVE_INFINITY, signal) {
      signal?.throwIfAborted();
      if (start < Math.min(head.length, end)) yield head.subarray(start, end);
      const at = Math.max(start, head.length);
      const stop = Math.min(end, size ?? Number.POSITIVE_INFINITY);
      const mayCut = ranged && Number.isFinite(stop);
      yield* mayCut ? streamBySpeed(file, at, stop, signal) : streamHttp(file, at, stop, signal);
    },
  };
}

/**
 * Asks once which version of a file the server has.
 *
 * @returns undefined where it has none
 * @throws Transient where it cannot be asked now
 */
export async function checkHttpFile(
  url: URL,
  access: HttpAccess,
  signal?: AbortSignal,
): Promise<FileVersion | undefined> {
  // Whoever has the file in a cache does not want to wait long for an answer.
  const connect = (): Connection =>
    new Connection({ ...access, idleMs: Math.min(access.idleMs ?? 5000, 5000) }, signal);
  let connection = connect();
  const answer = await connection.ask(url, 0, 64).catch((error) => {
    if (!mayBeCompressed(error)) throw error;
    connection = connect();
    return connection.ask(url, undefined, undefined);
  });
  if (answer === undefined) return undefined;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of connection.body()) {
    head = chunk.slice();
    break;
  }
  return isHtml(answer.response, head) ? undefined : answer;
}

function isHtml(response: Response, head: Uint8Array): boolean {
  // A type alone says little: some servers give it to every file whose ending they do not know.
  const isSaid = /^text\/html/i.test(response.headers.get('Content-Type') ?? '');
  return (isSaid ? /^\s*</ : /^\s*<(!doctype html|html|!--)/i).test(new TextDecoder().decode(head.subarray(0, 64)));
}
