import { invalid } from '../../errors/invalid.ts';
import { callsOfModels } from '../../loaded-model/calls-of-models.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { ModelCalls, ModelFiles } from '../../loaded-model/model-calls.ts';
import type { WeightSource } from './job-control.ts';

/** A loaded model's own weights, read again from where it came from; without those of a fine-tuned head, which a training makes anew. */
export function weightsOf(model: GptModel): WeightSource {
  const calls = callsOf(model);
  return (onPart, signal) =>
    calls().readWeights((part) => (part.name.startsWith('score.') ? undefined : onPart(part)), signal);
}

/** What a loaded model's checkpoint has beside its weights. */
export const readFiles = (model: GptModel): Promise<ModelFiles> => callsOf(model)().readFiles();

/** @throws GptletError INVALID_OPTION for what is no model of this package's own */
function callsOf(model: GptModel): () => ModelCalls {
  const calls = callsOfModels.get(model);
  if (!calls) throw invalid('model', model, 'what loadModel() gives');
  return calls;
}
