import { transfer } from 'comlink';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelState } from '../loaded-model/model-calls.ts';
import type { RunningWorker } from './greet.ts';
import { fromOutcome, type Outcome } from './outcome.ts';
import type { PortMessage } from './protocol.ts';

/** A call with its own port: news from below go to `onNews`, the signal goes up, the outcome comes last. */
export function portCall<News, T>(
  worker: RunningWorker<unknown>,
  signal: AbortSignal | undefined,
  onNews: ((news: News) => void) | undefined,
  send: (port: MessagePort) => Promise<void>,
  onState?: (state: ModelState) => void,
): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const abort = (): void => port1.postMessage('abort');
  const outcome = new Promise<Outcome<T>>((resolve, reject) => {
    port1.onmessage = ({ data }: MessageEvent<PortMessage<News, T>>) => {
      try {
        if ('news' in data) return onNews?.(data.news);
        if (data.state) onState?.(data.state);
        resolve(data.outcome);
      } catch (error) {
        // Nobody waits for the rest: a worker of the caller's own goes on living.
        abort();
        reject(error);
      }
    };
  });
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  // Comlink's own answer is awaited for its rejection alone: arguments that cannot be cloned.
  const sent = Promise.all([outcome, send(transfer(port2, [port2]))]);
  return Promise.race([sent, worker.failed])
    .then(([outcome]) => fromOutcome(outcome))
    .catch((error) => {
      // The caller's own reason, of which the worker knows nothing.
      const { name, message } = Object(error) as Error;
      if (name === 'AbortError') signal?.throwIfAborted();
      if (name !== 'DataCloneError') throw error;
      throw new GptletError('INVALID_OPTION', `What was given cannot be sent to the worker. ${message}`, {
        cause: error,
      });
    })
    .finally(() => {
      signal?.removeEventListener('abort', abort);
      port1.close();
    });
}
