import { type Remote, wrap } from 'comlink';
import { GptletError } from '../errors/gptlet-error.ts';
import { version } from '../platform/version.ts';
import { watchLifeLock } from './life-lock.ts';
import type { Greeting } from './protocol.ts';
import { readOnce } from './read-once.ts';

/** A worker that has answered, and a promise that rejects should it fail later. */
export interface RunningWorker<Host> {
  readonly host: Remote<Host>;
  /** Never resolves; rejects with WORKER_FAILED when the worker reports an error that no call caught, or is no more. */
  readonly failed: Promise<never>;
  /** Ends the worker; does nothing to one that the caller brought. */
  terminate(): void;
}

/** Greets the worker of the first way that works: those that failed say why in `failures`. */
export async function firstToAnswer<Host>(
  ways: readonly (() => Worker | Promise<Worker>)[],
  hello: Hello<Host>,
  failures: unknown[] = [],
): Promise<RunningWorker<Host> | undefined> {
  for (const create of ways) {
    try {
      return await greet(await create(), true, hello);
    } catch (error) {
      failures.push(error);
    }
  }
  return undefined;
}

export type Hello<Host> = (host: Remote<Host>, ended: AbortSignal) => Promise<Greeting>;

/** A worker file that a server answers slowly for is still there; one that is missing mostly says so at once. */
const handshakeMs = 10_000;

/**
 * Waits until a new worker has answered in the same version, and watches it from then on.
 *
 * @param owned whether it is ours to end
 * @param hello says the first word; its signal fires when the worker is no longer used
 * @throws GptletError WORKER_FAILED where it does not answer, or is of another version
 */
export async function greet<Host>(worker: Worker, owned: boolean, hello: Hello<Host>): Promise<RunningWorker<Host>> {
  const host = readOnce(wrap<Host>(worker));
  const watching = new AbortController();
  const terminate = (): void => {
    watching.abort();
    if (owned) worker.terminate();
  };
  let fail: (error: GptletError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // What has failed once is not used again.
  failed.catch(terminate);
  worker.addEventListener('error', (event) => {
    const { message } = event as ErrorEvent;
    const reason = message || "its script could not be loaded: is gptlet's worker.js there, served as text/javascript?";
    fail(new GptletError('WORKER_FAILED', `The worker failed: ${reason}`));
  });
  const timer = setTimeout(
    () => fail(new GptletError('WORKER_FAILED', `The worker did not answer within ${handshakeMs} ms.`)),
    handshakeMs,
  );
  try {
    const theirs = await Promise.race([hello(host, watching.signal), failed]);
    if (theirs.version !== version) {
      throw new GptletError(
        'WORKER_FAILED',
        `The worker is gptlet ${theirs.version}, the page uses ${version}: serve the worker file of the same version.`,
      );
    }
    if (theirs.lifeLock) {
      watchLifeLock(theirs.lifeLock, watching.signal, () =>
        fail(
          new GptletError(
            'WORKER_FAILED',
            'The worker was ended from outside, by the page or by a browser short of memory. Load the model again.',
          ),
        ),
      );
    }
  } catch (error) {
    terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return { host, failed, terminate };
}
