import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type Answer =
  /** A stream of events, each an object or the text of its data, and [DONE] unless told otherwise. */
  | { readonly events: readonly unknown[]; readonly done?: boolean; readonly pieceBytes?: number }
  /** Sends these events, then breaks the connection. */
  | { readonly cutAfter: readonly unknown[] }
  /** Sends these events, then nothing more, and keeps the connection. */
  | { readonly stallAfter: readonly unknown[] }
  /** The body as it stands. */
  | { readonly raw: string; readonly type?: string }
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Breaks the connection before an answer. */
  | 'reset'
  /** Takes the request and says nothing. */
  | 'silence';

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent, for a test to look into
  readonly body: any;
}

export interface ScriptedServer extends AsyncDisposable {
  /** The address of its `/v1`. */
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Answers that the client did not wait for. */
  abandoned: number;
}

/** Serves on 127.0.0.1 what `script` says: one answer after the other, the last one again and again, or by the request. */
export async function startScriptedServer(
  script: readonly Answer[] | ((request: SeenRequest) => Answer),
): Promise<ScriptedServer> {
  const http = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const seen: SeenRequest = {
      path: request.url ?? '',
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    server.requests.push(seen);
    response.on('close', () => {
      if (!response.writableFinished) server.abandoned++;
    });
    const at = Math.min(server.requests.length, script.length) - 1;
    give(typeof script === 'function' ? script(seen) : script[at], request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: ScriptedServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    requests: [],
    abandoned: 0,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function give(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'reset') return void request.socket.destroy();
  if (answer === 'silence') return;
  if ('status' in answer) {
    const { status, body = '', headers } = answer;
    response.writeHead(status, headers);
    return void response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
  const type = 'raw' in answer ? (answer.type ?? 'text/event-stream') : 'text/event-stream; charset=utf-8';
  response.writeHead(200, { 'Content-Type': type });
  if ('raw' in answer) return void response.end(answer.raw);
  if ('cutAfter' in answer)
    return void response.write(eventText(answer.cutAfter), () => setTimeout(() => request.socket.destroy(), 5));
  if ('stallAfter' in answer) return void response.write(eventText(answer.stallAfter));
  const { events, done = true, pieceBytes = Number.POSITIVE_INFINITY } = answer;
  trickle(response, Buffer.from(eventText(done ? [...events, '[DONE]'] : events)), pieceBytes);
}

function trickle(response: ServerResponse, bytes: Buffer, pieceBytes: number): void {
  if (bytes.length <= pieceBytes) return void response.end(bytes);
  response.write(bytes.subarray(0, pieceBytes));
  setImmediate(() => trickle(response, bytes.subarray(pieceBytes), pieceBytes));
}

/** Events as they stand in a stream. */
export const eventText = (events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

/** The chunks of a completion: its pieces, how it ended, what it took. */
export const completion = (pieces: readonly string[], reason = 'stop'): object[] => [
  ...pieces.map((text) => ({ choices: [{ index: 0, text, finish_reason: null }] })),
  { choices: [{ index: 0, text: '', finish_reason: reason }] },
  { choices: [], usage: { prompt_tokens: 7, completion_tokens: pieces.length, total_tokens: 7 + pieces.length } },
];

/** The chunks of an answer in a conversation: its deltas, how it ended, what it took. */
export const answer = (deltas: readonly object[], reason = 'stop'): object[] => [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: reason }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: deltas.length, total_tokens: 9 + deltas.length } },
];
