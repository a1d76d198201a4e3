import { GptletError } from '../../errors/gptlet-error.ts';
import { backOff, longestRetryAfterMs } from '../../platform/back-off.ts';
import { Transient } from '../../platform/transient.ts';
import type { HttpAccess } from './http-request.ts';

/** Counts the tries that brought nothing, and waits between them. */
export class Retry {
  readonly #url: URL;
  readonly #access: HttpAccess;
  readonly #signal: AbortSignal | undefined;
  #failures: number = 0;
  #progress: number = 0;

  constructor(url: URL, access: HttpAccess, signal: AbortSignal | undefined) {
    this.#url = url;
    this.#access = access;
    this.#signal = signal;
  }

  /**
   * Waits until the next try, or throws: `error` itself where trying again is useless, the signal's reason
   * once aborted, NETWORK after too many tries that did not get past `progress` bytes.
   */
  async after(error: unknown, progress: number): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!(error instanceof Transient)) throw error;
    this.#failures = progress > this.#progress ? 1 : this.#failures + 1;
    this.#progress = Math.max(progress, this.#progress);
    const { attempts = 6, retryDelayMs = 500 } = this.#access;
    const asked = error.retryAfterMs;
    if (this.#failures >= attempts || (asked !== undefined && asked > longestRetryAfterMs)) {
      const tries = `${this.#failures} ${this.#failures === 1 ? 'try' : 'tries'}`;
      throw new GptletError(
        'NETWORK',
        `${this.#url.href} cannot be read: ${error.message} (after ${tries}${progress > 0 ? `, at byte ${progress}` : ''}). ` +
          `${asked === undefined ? 'Check the connection, and that the server allows requests from this page (CORS)' : `The server asks to wait ${Math.ceil(asked / 1000)} s`}; then load again.`,
        { cause: error },
      );
    }
    await backOff(this.#failures, { retryAfterMs: asked, firstMs: retryDelayMs, mostMs: 15_000 }, this.#signal);
  }
}
