import type { EmbeddingModelV4, LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { loadModel } from '../api/load-model.ts';
import type { ChatModel } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { modelOrId } from '../options/kinds.ts';
import { gptletOptions, loadOptions } from '../options/table.ts';
import { embeddingModel } from './embedding-model.ts';
import { languageModel } from './language-model.ts';
import { noSuchModel } from './sdk-errors.ts';
import { givenModel, type SharedModel, SharedModels } from './shared-model.ts';

/** Options of {@link createGptlet}. */
export interface GptletOptions extends LoadOptions {
  /** Loads a model by what it was called. @default `loadModel` with the other options */
  load?: (id: string) => Promise<ChatModel>;
}

/** A provider for the AI SDK. */
export interface GptletProvider extends ProviderV4 {
  /** The same as `languageModel`. */
  (model: string | ChatModel): LanguageModelV4;
  /** @param model what `loadModel` takes as a text, loaded with the first call; or a model that is loaded already */
  languageModel(model: string | ChatModel): LanguageModelV4;
  /** @param model as for `languageModel`; both share it */
  embeddingModel(model: string | GptModel): EmbeddingModelV4;
  /** @throws NoSuchModelError (of `ai`), always */
  imageModel(modelId: string): never;
  /** Frees the models that it has loaded; a call after that loads again. */
  dispose(): Promise<void>;
}

/**
 * A provider for `ai` 7 whose models run here: `generateText`, `streamText`, objects by a schema (which holds while they are written),
 * tools, reasoning, embeddings. Each model is loaded once, with the first call that needs it.
 *
 * @throws GptletError INVALID_OPTION
 * @example
 * const gptlet = createGptlet({ onProgress: ({ fraction }) => (bar.value = fraction) });
 * const { textStream } = streamText({ model: gptlet('HuggingFaceTB/SmolLM2-135M-Instruct'), prompt: 'Why is the sky blue?' });
 */
export function createGptlet(options: GptletOptions = {}): GptletProvider {
  const { load, ...ofLoad } = checkOptions({ ...gptletOptions(), ...loadOptions() }, options);
  const models = new SharedModels(load ?? ((id) => loadModel(id, ofLoad)));
  const modelOf = (model: string | ChatModel): SharedModel => {
    checkArgument('model', model, modelOrId);
    return typeof model === 'string' ? models.byId(model) : givenModel(model);
  };
  const ofLanguage = (model: string | ChatModel): LanguageModelV4 => languageModel(modelOf(model));
  return Object.assign((model: string | ChatModel) => ofLanguage(model), {
    specificationVersion: 'v4' as const,
    languageModel: ofLanguage,
    embeddingModel: (model: string | GptModel) => embeddingModel(modelOf(model)),
    imageModel: (modelId: string): never => {
      throw noSuchModel(
        modelId,
        'imageModel',
        `gptlet makes text and no images: there is no image model '${modelId}'.`,
      );
    },
    dispose: () => models.dispose(),
  });
}
