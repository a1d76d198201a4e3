import type { CheckpointParts } from '../generation/model-parts.ts';

/** For models whose weights nobody reads again. */
export const noCheckpoint: CheckpointParts = {
  rawConfig: {},
  tokenizerFiles: {},
  tensors: () => {
    throw new Error('This model was made without a checkpoint.');
  },
};
