import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Admission, type AdmissionOptions, createAdmission } from './admission.ts';
import { cannotListen } from './cannot-listen.ts';
import { FairQueue } from './fair-queue.ts';
import { readBody } from './read-body.ts';
import { refusal } from './refusal.ts';
import { sendResponse, sent } from './send-response.ts';
import { ServerMetrics } from './server-metrics.ts';
import { toRequest } from './to-request.ts';

/** Answers a request, whose signal fires when nobody waits for the answer any more. */
export type FetchHandler = (request: Request) => Promise<Response>;

export interface RequestServerOptions extends AdmissionOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Most bytes of one request's body. */
  readonly maxBodyBytes: number;
  /** Most requests that wait for their turn. */
  readonly maxQueue: number;
}

/** In milliseconds: for a request's headers and for all of it to come; how often both are looked after. */
const timeLimits = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2000 };

/** Beyond it connections are refused, so that file handles remain for models. */
const maxConnections = 1000;

/** Routes that are counted by name; all others are one. */
const routes = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/models', '/health', '/metrics'];

/**
 * Node's HTTP server around a handler: lets in who may, waits for whole bodies, gives POST requests their turns, sends answers as
 * they come and stops those that nobody waits for. It serves no files.
 */
export class RequestServer {
  readonly metrics: ServerMetrics = new ServerMetrics();
  readonly #options: RequestServerOptions;
  readonly #server: Server;
  readonly #admit: (message: IncomingMessage, path: string) => Admission;
  readonly #queue: FairQueue;
  /** Those of a connection whose answers are not sent: a reply that waits behind another does not hear that its connection closed. */
  readonly #unanswered = new WeakMap<Socket, Set<AbortController>>();
  /** Held here, since a Request that is collected takes its signal with it. */
  readonly #requests = new Set<Request>();
  #handler: FetchHandler | undefined;
  #draining = false;
  #replies = 0;

  constructor(options: RequestServerOptions) {
    this.#options = options;
    this.#admit = createAdmission(options);
    this.#queue = new FairQueue(options.maxQueue);
    this.#server = createServer(timeLimits, (message, reply) => void this.#take(message, reply));
    this.#server.maxConnections = maxConnections;
    this.#server.on('connection', (socket) => {
      const unanswered = new Set<AbortController>();
      this.#unanswered.set(socket, unanswered);
      socket.once('close', () => {
        for (const gone of unanswered) gone.abort(new DOMException('The client went away.', 'AbortError'));
      });
    });
  }

  /**
   * Takes requests from now on; those for models are refused until there is a handler.
   *
   * @returns the address, such as http://127.0.0.1:8080
   * @throws GptletError INVALID_OPTION for a port in use, or an address that is not this machine's
   */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      // It stays: an error without a listener would end the process, and none after the start is the server's end.
      this.#server.on('error', (cause) => reject(cannotListen(cause, host, port)));
      this.#server.listen(port, host, resolve);
    });
    const { port: given } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${given}`;
  }

  /** The models are there. */
  open(handler: FetchHandler): void {
    this.#handler = handler;
  }

  /** Takes nothing new. Resolves when all that was taken is answered, and every connection closed. */
  async drain(): Promise<void> {
    this.#draining = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#closeIfAnswered();
    await closed;
  }

  /** Connections that are left then have sent half a request, or nothing. */
  #closeIfAnswered(): void {
    if (this.#draining && this.#replies === 0) this.#server.closeAllConnections();
  }

  async #take(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const begun = performance.now();
    const gone = new AbortController();
    const unanswered = this.#unanswered.get(message.socket);
    unanswered?.add(gone);
    this.#replies++;
    const [path] = (message.url ?? '').split('?');
    try {
      await this.#answer(message, path, reply, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted) await fail(error, reply, gone.signal);
    }
    await sent(reply, gone.signal);
    unanswered?.delete(gone);
    this.#replies--;
    const route = routes.find((each) => path === each || path.startsWith(`${each}/`)) ?? 'other';
    const status = reply.writableFinished ? String(reply.statusCode) : 'closed';
    this.metrics.answered(route, status, (performance.now() - begun) / 1000);
    this.#closeIfAnswered();
  }

  async #answer(message: IncomingMessage, path: string, reply: ServerResponse, gone: AbortSignal): Promise<void> {
    const { headers, answer } = this.#admit(message, path);
    const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers };
    for (const [name, value] of Object.entries(common)) reply.setHeader(name, value);
    if (this.#draining) reply.setHeader('connection', 'close');
    const send = (response: Response): Promise<void> => sendResponse(response, reply, gone);
    const handler = this.#handler;
    if (answer) return send(answer);
    if (path === '/health') return send(this.#health());
    if (path === '/metrics') return send(this.#metricsPage());
    if (!handler || this.#draining) {
      const why = handler ? 'The server is about to stop.' : 'The models are not loaded yet; try again soon.';
      return send(refusal(503, why, { headers: { 'retry-after': '5' } }));
    }
    const isPost = message.method === 'POST';
    const { maxBodyBytes } = this.#options;
    const body = isPost ? await readBody(message, maxBodyBytes, gone) : undefined;
    if (isPost && !body)
      return send(refusal(413, `The request's body has more than ${maxBodyBytes} bytes. --max-body sets the limit.`));
    const request = toRequest(message, body, gone);
    if (!request) return send(refusal(400, `There is no address http://${message.headers.host}${message.url}.`));
    this.#requests.add(request);
    const handle = async (): Promise<void> => send(await handler(request));
    try {
      if (!isPost) await handle();
      else if (!(await this.#inTurn(clientOf(message), gone, handle))) await send(this.#queueIsFull());
    } finally {
      this.#requests.delete(request);
    }
  }

  /** Runs `task` when it is the client's turn; false where the queue is full. */
  async #inTurn(client: string, gone: AbortSignal, task: () => Promise<void>): Promise<boolean> {
    const leave = await this.#queue.enter(client, gone);
    if (!leave) return false;
    const begun = performance.now();
    try {
      await task();
    } finally {
      leave();
      this.metrics.hadTurn((performance.now() - begun) / 1000);
    }
    return true;
  }

  #health(): Response {
    const status = this.#draining ? 'stopping' : this.#handler ? 'ok' : 'loading';
    return Response.json({ status }, { status: status === 'ok' ? 200 : 503 });
  }

  #metricsPage(): Response {
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
    return new Response(this.metrics.text(this.#queue), { headers });
  }

  #queueIsFull(): Response {
    const { maxQueue } = this.#options;
    return refusal(429, `${maxQueue} requests wait already, as many as may. --max-queue sets the limit.`, {
      code: 'queue_full',
      headers: { 'retry-after': String(this.metrics.secondsOf(this.#queue.length)) },
    });
  }
}

/**
 * Whose request it is: an address, with the key and the page that it comes from. Programs of one machine are told apart by their keys,
 * also where none is asked for.
 */
function clientOf({ socket, headers }: IncomingMessage): string {
  return [socket.remoteAddress, headers.authorization, headers.origin].join(' ');
}

/** Whatever went wrong is the server's fault: its log tells, the client does not hear what. */
async function fail(error: unknown, reply: ServerResponse, gone: AbortSignal): Promise<void> {
  process.stderr.write(`gptlet: ${(error as Error)?.stack ?? error}\n`);
  // What was sent cannot be taken back, but that it is not whole can be seen.
  if (reply.headersSent) reply.req.socket.destroy();
  else await sendResponse(refusal(500, 'The server failed; its log says why.'), reply, gone);
}
