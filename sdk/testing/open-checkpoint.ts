import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { type OpenOptions, openCheckpointAt } from '../loading/open-checkpoint-at.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';

/** Opens a checkpoint as loading in Node does. */
export const openCheckpoint = (source: ModelSource, options: OpenOptions = {}): Promise<Checkpoint> =>
  openCheckpointAt(source, options, ownSurroundings());
