import { GptletError } from '../../errors/gptlet-error.ts';
import { Transient } from '../../platform/transient.ts';
import { Connection } from './http-connection.ts';
import type { HttpAccess, HttpAnswer } from './http-request.ts';
import { Retry } from './retry.ts';

/** A file on a server, as its first answer described it. */
export interface RemoteFile {
  readonly url: URL;
  readonly access: HttpAccess;
  readonly size: number | undefined;
  readonly validator: string | undefined;
  /** Whether its server has sent a part of it as one. */
  readonly ranged: boolean;
  /** Whether to ask for all of it. See {@link mayBeCompressed}. */
  whole: boolean;
}

/**
 * Whether a request for a part may have failed because the answer came compressed, which browsers ask servers not to do then:
 * Chromium takes it for an error of the network. The whole file may come compressed.
 */
export const mayBeCompressed = (error: unknown): boolean => error instanceof Transient && error.cause !== undefined;

/** The bytes from `start` to `stop` (infinite where the size is unknown), asked for again from where a connection broke. */
export async function* streamHttp(
  file: RemoteFile,
  start: number,
  stop: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { url, access } = file;
  const retry = new Retry(url, access, signal);
  let at = start;
  while (at < stop) {
    try {
      const connection = new Connection(access, signal);
      const answer = await connection.ask(url, file.whole ? undefined : at, Number.isFinite(stop) ? stop : undefined);
      checkAnswer(file, answer, at);
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
      if (!file.ranged && mayBeCompressed(error)) file.whole = !file.whole;
      await retry.after(error, at);
    }
  }
}

/**
 * Checks an answer to the question for the bytes from `at` on. The whole file serves, too: a server may ignore ranges.
 *
 * @throws GptletError INTEGRITY if it is of another version of the file than the first answer was
 */
export function checkAnswer(
  { url, size, validator }: RemoteFile,
  answer: HttpAnswer | undefined,
  at: number,
): asserts answer is HttpAnswer {
  const what =
    answer === undefined
      ? 'is no longer there'
      : answer.validator !== undefined && validator !== undefined && answer.validator !== validator
        ? `is of another version (${answer.validator}) than before (${validator})`
        : answer.size !== undefined && size !== undefined && answer.size !== size
          ? `has ${answer.size} bytes in place of ${size}`
          : undefined;
  if (answer && what === undefined) {
    // Another range than that is a server at odds with itself, whose bytes may be from anywhere.
    if (answer.ranged ? answer.start !== at : answer.start > at)
      throw new Transient(`the server sent bytes from ${answer.start} on in place of ${at}`);
    return;
  }
  answer?.response.body?.cancel().catch(() => {});
  throw new GptletError(
    'INTEGRITY',
    `${url.href} ${what}: it changed on the server while it was loading. Load the model again.`,
  );
}
