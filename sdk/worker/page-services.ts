import { proxy } from 'comlink';
import type { AutomatonStates } from '../constraint/automaton.ts';
import type { ConstraintSpec } from '../constraint/compile-constraint.ts';
import { importOnDemand } from '../loading/import-on-demand.ts';
import { toOutcome } from './outcome.ts';
import type { PageServices } from './protocol.ts';

/** The page's side, to be handed to a worker; the signal fires when that worker is no longer used. */
export function pageServices(ended: AbortSignal): PageServices {
  const { warn, loadKernels, loadEveryKind, loadQuantiser, readTorchTensors } = importOnDemand;
  let compiler: Promise<(spec: ConstraintSpec) => Promise<AutomatonStates>> | undefined;
  return proxy<PageServices>({
    warn: async (message) => warn(message),
    loadKernels: (name) => toOutcome(() => loadKernels(name)),
    loadEveryKind: () => toOutcome(loadEveryKind),
    loadQuantiser: () => toOutcome(loadQuantiser),
    compileConstraint: (spec) =>
      toOutcome(async () => {
        compiler ??= import('./compile-in-worker.ts').then((module) => module.constraintCompiler(ended));
        return (await compiler)(spec);
      }),
    readTorchTensors: (location, size, read) =>
      toOutcome(() => {
        const stream = async function* (start: number, end = size): AsyncGenerator<Uint8Array> {
          yield await read(start, end);
        };
        return readTorchTensors({ location, size, stream }, size);
      }),
  });
}
