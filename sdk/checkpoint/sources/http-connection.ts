import { GptletError } from '../../errors/gptlet-error.ts';
import { type HttpAccess, type HttpAnswer, reason, requestRange, Transient } from './http-request.ts';
import { readChunks } from './read-chunks.ts';

/** One request and its body, cut off when it brings nothing for too long. */
export class Connection {
  readonly #access: HttpAccess;
  readonly #outer: AbortSignal | undefined;
  readonly #abort: AbortController = new AbortController();
  #answer: HttpAnswer | undefined;

  constructor(access: HttpAccess, signal: AbortSignal | undefined) {
    this.#access = access;
    this.#outer = signal;
  }

  /** @param start undefined to ask for all */
  async ask(url: URL, start: number | undefined, end: number | undefined): Promise<HttpAnswer | undefined> {
    this.#outer?.throwIfAborted();
    try {
      this.#answer = await this.#watched(requestRange(url, start, end, this.#access, this.#abort.signal));
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
        const chunk = await this.#watched(reader.read());
        if (!chunk) return;
        yield chunk;
      }
    } finally {
      await reader.cancel().catch(() => {});
      this.#abort.abort();
    }
  }

  /** Ends the request, also where its body was not read. */
  close(): void {
    this.#abort.abort();
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
