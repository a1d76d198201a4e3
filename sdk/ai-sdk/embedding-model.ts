import type { EmbeddingModelV4, SharedV4Warning } from '@ai-sdk/provider';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { abortable } from '../platform/abortable.ts';
import { unsupported } from './sdk-errors.ts';
import type { SharedModel } from './shared-model.ts';

/** A model's `embed` as `ai` calls it; `providerOptions.gptlet` takes its options `pooling` and `normalize`. */
export function embeddingModel(model: SharedModel): EmbeddingModelV4 {
  const { modelId } = model;
  return {
    specificationVersion: 'v4',
    provider: 'gptlet',
    modelId,
    maxEmbeddingsPerCall: Infinity,
    // They would wait for each other.
    supportsParallelCalls: false,

    async doEmbed({ values, dimensions, abortSignal: signal, providerOptions }) {
      const warnings: SharedV4Warning[] = [];
      if (dimensions !== undefined) {
        const details = 'An embedding is as wide as the model; it was not cut.';
        warnings.push({ type: 'unsupported', feature: 'dimensions', details });
      }
      try {
        const { embed, tokenizer } = embedder(await abortable(model.get(), signal), modelId);
        const embeddings: number[][] = [];
        for (const value of values) embeddings.push([...(await embed(value, { ...providerOptions?.gptlet, signal }))]);
        const tokens = values.reduce((sum, value) => sum + tokenizer.count(value), 0);
        return { embeddings, usage: { tokens }, warnings };
      } catch (error) {
        model.failed(error);
        throw error;
      }
    },
  };
}

function embedder(model: object, modelId: string): Pick<GptModel, 'embed' | 'tokenizer'> {
  if ('embed' in model) {
    const { tokenizer } = model as GptModel;
    return { tokenizer, embed: (text, options) => (model as GptModel).embed(text, options) };
  }
  throw unsupported('embeddings', `The model '${modelId}' has no embed(); give one of loadModel().`);
}
