import { GptletError } from '../../api/errors.ts';
import { type HttpAccess, type HttpAnswer, reason, requestRange, Transient } from './http-request.ts';

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
