import { GptletError } from '../../errors/gptlet-error.ts';
import { sleep } from '../../platform/sleep.ts';
import { Transient } from '../../platform/transient.ts';
import type { HttpAccess } from './http-request.ts';

/** A server that asks for longer than this is not waited for. */
const maxRetryAfterMs = 120_000;

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
    if (this.#failures >= attempts || (asked !== undefined && asked > maxRetryAfterMs)) {
      const tries = `${this.#failures} ${this.#failures === 1 ? 'try' : 'tries'}`;
      throw new GptletError(
        'NETWORK',
        `${this.#url.href} cannot be read: ${error.message} (after ${tries}${progress > 0 ? `, at byte ${progress}` : ''}). ` +
          `${asked === undefined ? 'Check the connection, and that the server allows requests from this page (CORS)' : `The server asks to wait ${Math.ceil(asked / 1000)} s`}; then load again.`,
        { cause: error },
      );
    }
    // A little chance in the wait, so that many pages do not come back at one moment.
    await sleep(
      asked ?? Math.min(15_000, retryDelayMs * 2 ** (this.#failures - 1)) * (0.75 + Math.random() / 2),
      this.#signal,
    );
  }
}
