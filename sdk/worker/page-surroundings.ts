import { proxy } from 'comlink';
import { readRange } from '../checkpoint/sources/read-file.ts';
import type { Surroundings } from '../loading/surroundings.ts';
import { connectConstraints } from './connect-constraints.ts';
import { fromOutcome, toOutcome } from './outcome.ts';
import { pageKernels } from './page-kernels.ts';
import type { PageServices } from './protocol.ts';

/** The surroundings of a worker but for code that must be its own: its page imports what few need, and there is no disk. */
export const pageSurroundings = (page: PageServices): Omit<Surroundings, 'loadRareText'> => ({
  ...pageKernels(page),
  loadEveryKind: async () => fromOutcome(await page.loadEveryKind()),
  readTokenizerParts: async (parts, config) => fromOutcome(await page.readTokenizerParts(parts, config)),
  loadQuantiser: async () => fromOutcome(await page.loadQuantiser()),
  connectConstraints: (vocabulary) => connectConstraints(page, vocabulary),
  async readTorchTensors(file, size, signal) {
    const read = proxy((start: number, end: number) => readRange(file, start, end, signal));
    const outcome = await page.readTorchTensors(file.location, size, read);
    signal?.throwIfAborted();
    return fromOutcome(outcome);
  },
  async readGguf(name, read, list) {
    const readBytes = proxy((...range: Parameters<typeof read>) => toOutcome(() => read(...range)));
    return fromOutcome(await page.readGguf(name, readBytes, list && proxy(list)));
  },
  readLaterConfig: async (raw) => fromOutcome(await page.readLaterConfig(raw)),
  disk: undefined,
});
