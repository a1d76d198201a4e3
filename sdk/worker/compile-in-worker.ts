import type { AutomatonStates } from '../constraint/automaton.ts';
import type { ConstraintSpec } from '../constraint/compile-constraint.ts';
import { importOnDemand } from '../loading/import-on-demand.ts';
import { workerFromSource } from '../platform/blob-worker.ts';
import { firstToAnswer, type RunningWorker } from './greet.ts';
import { fromOutcome } from './outcome.ts';
import type { ConstraintHost } from './protocol.ts';

/**
 * Compiles constraints in a worker of their own: a JSON schema may take half a second, in which a page would stand still. The
 * worker starts with the first constraint and goes when the signal fires. Where the page allows no second worker, it
 * compiles in its own thread: better late than not at all.
 */
export function constraintCompiler(ended: AbortSignal): (spec: ConstraintSpec) => Promise<AutomatonStates> {
  let starting: Promise<RunningWorker<ConstraintHost> | undefined> | undefined;
  return async (spec) => {
    starting ??= startWorker(ended);
    const worker = await starting;
    if (!worker) return importOnDemand.compileConstraint(spec);
    const failed = (): undefined => {
      starting = undefined;
    };
    const outcome = await Promise.race([worker.host.compile(spec), worker.failed]).catch(failed);
    return outcome ? fromOutcome(outcome) : importOnDemand.compileConstraint(spec);
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
