import type { ModelConfig } from '../config.ts';
import type { TensorNames } from './model-family.ts';
import { paperFamilies } from './read-config.ts';
import { laterFamilies } from './read-later-config.ts';

/** What the checkpoints of a model's family call its tensors. Knows every family: for code that comes on demand. */
export function tensorNamesOf(config: ModelConfig): TensorNames {
  const family = [...paperFamilies, ...laterFamilies].find((each) => each.architecture === config.architecture);
  if (!family) throw new Error(`there is no family ${config.architecture}`);
  return { ...family.tensorNames, ...(family.rowRuns && { rowRuns: family.rowRuns(config) }) };
}
