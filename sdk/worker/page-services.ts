import { proxy } from 'comlink';
import { importOnDemand } from '../loading/import-on-demand.ts';
import type { ConnectPort } from './constraint-worker.ts';
import { encodeError, fromOutcome, toOutcome } from './outcome.ts';
import type { PageServices } from './protocol.ts';

/** The page's side, to be handed to a worker; the signal fires when that worker is no longer used. */
export function pageServices(ended: AbortSignal): PageServices {
  const { warn, loadKernels, loadRareShaders, loadEveryKind, readTokenizerParts, loadQuantiser, ...readers } =
    importOnDemand;
  let constraints: Promise<ConnectPort> | undefined;
  return proxy<PageServices>({
    warn: async (message) => warn(message),
    loadKernels: (name) => toOutcome(() => loadKernels(name)),
    loadRareShaders: () => toOutcome(loadRareShaders),
    loadEveryKind: () => toOutcome(loadEveryKind),
    readTokenizerParts: (parts, config) => toOutcome(() => readTokenizerParts(parts, config)),
    loadQuantiser: () => toOutcome(loadQuantiser),
    readLaterConfig: (raw) => toOutcome(() => readers.readLaterConfig(raw)),
    connectConstraints: (vocabulary, port, onFailure) =>
      toOutcome(async () => {
        constraints ??= import('./constraint-worker.ts').then((module) => module.constraintWorker(ended));
        const { failed } = await (await constraints)(vocabulary, port);
        failed.catch((error) => onFailure(encodeError(error)));
      }),
    readTorchTensors: (location, size, read) =>
      toOutcome(() => {
        const stream = async function* (start: number, end = size): AsyncGenerator<Uint8Array> {
          yield await read(start, end);
        };
        return readers.readTorchTensors({ location, size, stream }, size);
      }),
    readGguf: (name, read, list) =>
      toOutcome(() => readers.readGguf(name, async (...range) => fromOutcome(await read(...range)), list)),
  });
}
