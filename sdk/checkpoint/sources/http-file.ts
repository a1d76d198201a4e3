import { GptletError } from '../../api/errors.ts';
import type { SourceFile } from './file-source.ts';
import { type HttpAccess, type HttpAnswer, reason, requestRange, Transient } from './http-request.ts';
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
  for (;;) {
    const prefix: Uint8Array[] = [];
    let length = 0;
    let answer: HttpAnswer | undefined;
    let complete = false;
    try {
      const connection = new Connection(access, signal);
      answer = await connection.ask(url, 0, prefixBytes);
      if (answer === undefined) return undefined;
      if (answer.start !== 0) throw new Transient(`the server sent bytes from ${answer.start} on in place of 0`);
      for await (const chunk of connection.body()) {
        prefix.push(chunk);
        length += chunk.length;
        // More than asked for: a server without ranges, whose file need not come twice if it is small.
        if (length >= prefixBytes) break;
      }
      complete = length < prefixBytes;
      if (length === 0 && answer.size !== 0) throw new Transient('the connection ended before the first byte');
    } catch (error) {
      // A cut behind the first bytes is mended by whoever streams the rest.
      if (!(error instanceof Transient) || length === 0 || answer?.size === undefined) {
        await retry.after(error, 0);
        continue;
      }
    }
    const head = concatenate(prefix, length);
    if (isHtml(answer.response, head)) return 'html';
    return httpFile(url, access, head, answer.size ?? (complete ? length : undefined), answer.validator);
  }
}

function httpFile(
  url: URL,
  access: HttpAccess,
  head: Uint8Array,
  size: number | undefined,
  validator: string | undefined,
): SourceFile {
  return {
    location: url.href,
    size,
    validator,
    async *stream(start, end = size ?? Number.POSITIVE_INFINITY, signal) {
      signal?.throwIfAborted();
      if (start < Math.min(head.length, end)) yield head.subarray(start, end);
      let at = Math.max(start, head.length);
      const stop = Math.min(end, size ?? Number.POSITIVE_INFINITY);
      const retry = new Retry(url, access, signal);
      while (at < stop) {
        try {
          const connection = new Connection(access, signal);
          const answer = await connection.ask(url, at, Number.isFinite(stop) ? stop : undefined);
          checkUnchanged(url, answer, size, validator);
          if (answer.start > at) throw new Transient(`the server sent bytes from ${answer.start} on in place of ${at}`);
          let passed = answer.start;
          for await (const chunk of connection.body()) {
            const piece = chunk.subarray(Math.min(chunk.length, at - passed), Math.min(chunk.length, stop - passed));
            passed += chunk.length;
            if (piece.length > 0) {
              at += piece.length;
              yield piece;
            }
            if (at >= stop) break;
          }
          // Without a known size, a clean end is the end.
          if (!Number.isFinite(stop)) return;
          if (at < stop) throw new Transient(`the connection ended at byte ${at} of ${stop}`);
        } catch (error) {
          await retry.after(error, at);
        }
      }
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
): Promise<{ validator?: string; size?: number } | undefined> {
  // Whoever has the file in a cache does not want to wait long for an answer.
  const connection = new Connection({ ...access, idleMs: Math.min(access.idleMs ?? 5000, 5000) }, signal);
  const answer = await connection.ask(url, 0, 64);
  if (answer === undefined) return undefined;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of connection.body()) {
    head = chunk;
    break;
  }
  return isHtml(answer.response, head) ? undefined : { validator: answer.validator, size: answer.size };
}

function checkUnchanged(
  url: URL,
  answer: HttpAnswer | undefined,
  size: number | undefined,
  validator: string | undefined,
): asserts answer is HttpAnswer {
  const what =
    answer === undefined
      ? 'is no longer there'
      : answer.validator !== undefined && validator !== undefined && answer.validator !== validator
        ? `is of another version (${answer.validator}) than before (${validator})`
        : answer.size !== undefined && size !== undefined && answer.size !== size
          ? `has ${answer.size} bytes in place of ${size}`
          : undefined;
  if (what === undefined) return;
  answer?.response.body?.cancel().catch(() => {});
  throw new GptletError(
    'INTEGRITY',
    `${url.href} ${what}: it changed on the server while it was loading. Load the model again.`,
  );
}

/** One request and its body, cut off when it brings nothing for too long. */
class Connection {
  readonly #access: HttpAccess;
  readonly #outer: AbortSignal | undefined;
  readonly #abort: AbortController = new AbortController();
  #answer: HttpAnswer | undefined;

  constructor(access: HttpAccess, signal: AbortSignal | undefined) {
    this.#access = access;
    this.#outer = signal;
  }

  async ask(url: URL, start: number, end: number | undefined): Promise<HttpAnswer | undefined> {
    this.#outer?.throwIfAborted();
    this.#answer = await this.#watched(requestRange(url, start, end, this.#access, this.#abort.signal));
    return this.#answer;
  }

  async *body(): AsyncGenerator<Uint8Array> {
    const reader = this.#answer?.response.body?.getReader();
    if (!reader) return;
    try {
      for (;;) {
        const { done, value } = await this.#watched(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => {});
      this.#abort.abort();
    }
  }

  /** Waits for something of the request; the caller's abort and the idle limit end it. */
  async #watched<T>(promise: Promise<T>): Promise<T> {
    const idleMs = this.#access.idleMs ?? 30_000;
    const idle = setTimeout(
      () => this.#abort.abort(new Transient(`the connection brought nothing for ${idleMs} ms`)),
      idleMs,
    );
    const onAbort = (): void => this.#abort.abort(this.#outer?.reason);
    this.#outer?.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } catch (cause) {
      if (cause instanceof GptletError || cause instanceof Transient) throw cause;
      this.#outer?.throwIfAborted();
      const given = this.#abort.signal.reason;
      throw given instanceof Transient ? given : new Transient(reason(cause), { cause });
    } finally {
      clearTimeout(idle);
      this.#outer?.removeEventListener('abort', onAbort);
    }
  }
}

function isHtml(response: Response, head: Uint8Array): boolean {
  if (/^text\/html/i.test(response.headers.get('Content-Type') ?? '')) return true;
  return /^\s*<(!doctype html|html)/i.test(new TextDecoder().decode(head.subarray(0, 64)));
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
