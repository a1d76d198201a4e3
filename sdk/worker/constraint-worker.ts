import { transfer } from 'comlink';
import type { VocabularyBytes } from '../constraint/vocabulary-bytes.ts';
import { workerFromSource } from '../platform/blob-worker.ts';
import { firstToAnswer, type RunningWorker } from './greet.ts';
import type { ConstraintHost } from './protocol.ts';

/** Has calls of constraints answered on a port; what it returns rejects should they no longer be, and never resolves. */
export type ConnectPort = (
  vocabulary: VocabularyBytes,
  port: MessagePort,
) => Promise<{ readonly failed: Promise<never> }>;

/**
 * Follows constraints in a worker of their own: a JSON schema may take a while, in which a page would stand still and a model
 * wait. The worker starts with the first constraint and goes when the signal fires. Where the page allows no second worker, it
 * does so in its own thread: better late than not at all.
 */
export function constraintWorker(ended: AbortSignal): ConnectPort {
  let starting: Promise<RunningWorker<ConstraintHost> | undefined> | undefined;
  return async (vocabulary, port) => {
    starting ??= startWorker(ended);
    const worker = await starting;
    if (!worker) {
      const { serveConstraints } = await import('./serve-constraints.ts');
      serveConstraints(vocabulary, port);
      return { failed: new Promise(() => {}) };
    }
    worker.failed.catch(() => {
      starting = undefined;
    });
    await Promise.race([worker.host.connect(vocabulary, transfer(port, [port])), worker.failed]);
    return { failed: worker.failed };
  };
}

async function startWorker(ended: AbortSignal): Promise<RunningWorker<ConstraintHost> | undefined> {
  const worker = await firstToAnswer<ConstraintHost>([fromFile, fromInlineSource], (host) => host.hello());
  if (ended.aborted) worker?.terminate();
  if (worker) ended.addEventListener('abort', worker.terminate, { once: true });
  return worker;
}

function fromFile(): Worker {
  // Vite and webpack look for exactly this expression.
  return new Worker(new URL('./worker-constraint.js', import.meta.url), { type: 'module' });
}

async function fromInlineSource(): Promise<Worker> {
  const { workerSource } = await import('./worker-constraint-inline.js');
  return workerFromSource(workerSource);
}
