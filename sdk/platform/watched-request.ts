import { GptletError } from '../errors/gptlet-error.ts';
import { reason, Transient } from './transient.ts';

/** One request and its body, which end with the caller's signal, or when they bring nothing for too long. */
export class WatchedRequest {
  readonly #outer: AbortSignal | undefined;
  readonly #abort: AbortController = new AbortController();
  /** For `fetch`. */
  readonly signal: AbortSignal = this.#abort.signal;

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    if (outer?.aborted) this.end();
  }

  /**
   * Waits for something of the request, at most `idleMs`.
   *
   * @throws the caller's reason once aborted; a GptletError or Transient as it came; all else as Transient
   */
  async wait<T>(promise: Promise<T>, idleMs: number): Promise<T> {
    const idle = setTimeout(
      () => this.#abort.abort(new Transient(`the connection brought nothing for ${idleMs} ms`)),
      idleMs,
    );
    const onAbort = (): void => this.end();
    this.#outer?.addEventListener('abort', onAbort, { once: true });
    // Since the last wait.
    if (this.#outer?.aborted) onAbort();
    try {
      return await promise;
    } catch (cause) {
      this.#outer?.throwIfAborted();
      if (cause instanceof GptletError || cause instanceof Transient) throw cause;
      const given = this.signal.reason;
      throw given instanceof Transient ? given : new Transient(reason(cause), { cause });
    } finally {
      clearTimeout(idle);
      this.#outer?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the request, also where its body was not read. */
  end(): void {
    this.#abort.abort();
  }
}
