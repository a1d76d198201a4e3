import { executors, trainingBackends } from '../../gradients/backends.ts';
import { hasNodeModules } from '../../platform/node-module.ts';
import { nodeStates } from './node-states.ts';
import { opfsStates } from './opfs-states.ts';
import type { TrainingPlace } from './training-place.ts';

/** This thread, whether it is a worker's, a page's or Node's. @param directory where states are kept in Node */
export const ownPlace = (directory: string | undefined): TrainingPlace => ({
  backends: trainingBackends,
  createExecutor: (backend, plan, options) => executors[backend](plan, options),
  openStates: (key) => (hasNodeModules() ? nodeStates(key, directory) : opfsStates(key)),
});
