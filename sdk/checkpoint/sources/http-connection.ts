import { WatchedRequest } from '../../platform/watched-request.ts';
import { type HttpAccess, type HttpAnswer, requestRange } from './http-request.ts';
import { readChunks } from './read-chunks.ts';

/** One request and its body, cut off when it brings nothing for too long. */
export class Connection {
  readonly #access: HttpAccess;
  readonly #request: WatchedRequest;
  #answer: HttpAnswer | undefined;

  constructor(access: HttpAccess, signal: AbortSignal | undefined) {
    this.#access = access;
    this.#request = new WatchedRequest(signal);
  }

  /** @param start undefined to ask for all */
  async ask(url: URL, start: number | undefined, end: number | undefined): Promise<HttpAnswer | undefined> {
    try {
      this.#answer = await this.#wait(requestRange(url, start, end, this.#access, this.#request.signal));
    } catch (error) {
      // Of an answer that does not serve, the body is on its way.
      this.close();
      throw error;
    }
    return this.#answer;
  }

  async *body(): AsyncGenerator<Uint8Array> {
    const body = this.#answer?.response.body;
    if (!body) return;
    const reader = readChunks(body);
    try {
      for (;;) {
        const chunk = await this.#wait(reader.read());
        if (!chunk) return;
        yield chunk;
      }
    } finally {
      await reader.cancel().catch(() => {});
      this.close();
    }
  }

  /** Ends the request, also where its body was not read. */
  close(): void {
    this.#request.end();
  }

  #wait<T>(promise: Promise<T>): Promise<T> {
    return this.#request.wait(promise, this.#access.idleMs ?? 30_000);
  }
}
