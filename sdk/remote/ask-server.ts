import { GptletError } from '../errors/gptlet-error.ts';
import { sleep } from '../platform/sleep.ts';
import { Transient, transientStatus } from '../platform/transient.ts';
import { WatchedRequest } from '../platform/watched-request.ts';
import type { Server } from './connect-options.ts';
import { readEvents } from './event-stream.ts';
import { errorEvent, quoted, refusal } from './server-error.ts';
import type { Chunk } from './wire.ts';

/** A server that asks for longer than this is not waited for. */
const longestWaitMs = 120_000;

/** An answer that has begun: its first bytes are there. */
interface Begun {
  readonly request: WatchedRequest;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly first: Uint8Array;
}

/**
 * Sends a request and gives its chunks as they stream. It is sent again while nothing has come of its answer; after that, what is
 * missing cannot be asked for, and a cut is an error.
 *
 * @param body without `model` and `stream`
 * @throws GptletError; the signal's reason once aborted, which also ends the request
 */
export async function* askServer(
  server: Server,
  path: 'completions' | 'chat/completions',
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  const url = server.address(path);
  const { request, reader, first } = await begin(server, url, body, signal);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield first;
    for (;;) {
      const { done, value } = await request.wait(reader.read(), server.timeoutMs);
      if (done) return;
      yield value;
    }
  }
  /** Whether the answer has come to its end: some servers send no [DONE], some no reason. */
  let isWhole = false;
  let isEnded = false;
  try {
    for await (const data of readEvents(bytes())) {
      if (data === '[DONE]') {
        isEnded = true;
        return;
      }
      const chunk = JSON.parse(data) as Chunk;
      const error = errorEvent(server, url, chunk);
      if (error) throw error;
      isWhole ||= chunk.choices?.some(({ finish_reason }) => finish_reason != null) === true;
      yield chunk;
    }
    if (!isWhole) throw new Transient('the connection ended before the answer');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GptletError) throw error;
    throw new GptletError(
      'NETWORK',
      `The answer of ${url.origin} broke off: ${server.quote((error as Error).message)}. What came of it was streamed; ask again.`,
      { cause: error },
    );
  } finally {
    if (isEnded) void letEnd(request, reader);
    else request.end();
  }
}

/** Reads the little that may follow, so that the connection serves the next request as well. */
async function letEnd(request: WatchedRequest, reader: Begun['reader']): Promise<void> {
  try {
    for (let reads = 0; reads < 8; reads++) if ((await request.wait(reader.read(), 1000)).done) break;
  } catch {
    // It serves no other, then.
  }
  request.end();
}

/** Sends the request until an answer begins. */
async function begin(server: Server, url: URL, body: object, signal: AbortSignal): Promise<Begun> {
  for (let failures = 1; ; failures++) {
    const request = new WatchedRequest(signal);
    try {
      const response = await request.wait(send(server, url, body, request.signal), server.timeoutMs);
      if (!response.ok) {
        const said = await request.wait(response.text(), server.timeoutMs);
        const transient = transientStatus(response);
        if (!transient) throw refusal(server, url, response.status, said);
        throw new Transient(transient.message + quoted(server, said), transient);
      }
      const type = response.headers.get('Content-Type') ?? '';
      if (/^(?:text\/html|application\/json)/i.test(type))
        throw new GptletError(
          'NETWORK',
          `${url.href} sent ${server.quote(type)} in place of a stream of events. Check baseURL of connect(), and that the server streams.`,
        );
      if (!response.body) throw new Transient('the answer is empty');
      const reader = response.body.getReader();
      const { done, value } = await request.wait(reader.read(), server.timeoutMs);
      if (done) throw new Transient('the connection ended before the answer');
      return { request, reader, first: value };
    } catch (error) {
      request.end();
      signal.throwIfAborted();
      if (!(error instanceof Transient)) throw error;
      await waitOrGiveUp(server, url, failures, error, signal);
    }
  }
}

const send = (server: Server, url: URL, body: object, signal: AbortSignal): Promise<Response> => {
  const headers = new Headers(server.headers);
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'text/event-stream');
  const streamed = { model: server.model, ...body, stream: true, stream_options: { include_usage: true } };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(streamed), signal });
};

async function waitOrGiveUp(
  server: Server,
  url: URL,
  failures: number,
  error: Transient,
  signal: AbortSignal,
): Promise<void> {
  const { retryAfterMs } = error;
  // A little chance in the wait, so that many pages do not come back at one moment.
  const ms = retryAfterMs ?? Math.min(8000, 500 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
  if (failures < server.attempts && ms <= longestWaitMs) return sleep(ms, signal);
  const tries = `${failures} ${failures === 1 ? 'try' : 'tries'}`;
  const advice =
    retryAfterMs === undefined
      ? 'Check baseURL, the connection, and that the server is up and allows requests from this page (CORS)'
      : `The server asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  throw new GptletError(
    'NETWORK',
    `${url.origin} does not answer: ${server.quote(error.message)} (after ${tries}). ${advice}; then ask again.`,
    { cause: error },
  );
}
