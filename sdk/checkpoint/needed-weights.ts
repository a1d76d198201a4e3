import type { ModelConfig } from '../model/config.ts';
import type { FamilyFiles } from '../model/families/model-family.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';

/**
 * The weights that a checkpoint must hold. Trainings without bias leave biases out, those of all linear layers or of all
 * norms, and they count as zeros; one that is missing while others of its kind are there has been lost.
 */
export function neededWeights(
  config: ModelConfig,
  family: FamilyFiles,
  holds: (name: string) => boolean,
): WeightShape[] {
  const weights = weightShapes(config);
  const without = family.tensorNames.mayLackBiasesOf.filter(
    (kind) => !weights.some(({ name, biasOf }) => biasOf === kind && holds(name)),
  );
  return weights.filter(({ biasOf }) => !biasOf || !without.includes(biasOf));
}
