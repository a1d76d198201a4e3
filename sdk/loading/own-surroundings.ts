import { nodeDirectory } from '../checkpoint/sources/node-directory.ts';
import { hasNodeModules } from '../platform/node-module.ts';
import { openOwnCache } from '../weight-cache/open-weight-cache.ts';
import { importOnDemand } from './import-on-demand.ts';
import type { Surroundings } from './surroundings.ts';

/** The surroundings of a page's own thread, and of Node. */
export const ownSurroundings = (): Surroundings => ({
  ...importOnDemand,
  disk: hasNodeModules() ? { openDirectory: nodeDirectory, openCache: () => openOwnCache() } : undefined,
});
