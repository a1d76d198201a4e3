import type { Surroundings } from '../loading/surroundings.ts';
import { fromOutcome } from './outcome.ts';
import type { PageServices } from './protocol.ts';

/** What a worker with the embedded model has of its surroundings. */
export const pageKernels = (page: PageServices): Pick<Surroundings, 'loadKernels' | 'loadRareShaders' | 'warn'> => ({
  loadKernels: async (name) => fromOutcome(await page.loadKernels(name)),
  loadRareShaders: async () => fromOutcome(await page.loadRareShaders()),
  warn: (message) => void page.warn(message),
});
