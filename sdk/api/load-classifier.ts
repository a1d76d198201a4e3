import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { type Classifier, createClassifier } from '../heads/classifier.ts';
import { type LoadOptions, resolveLoadOptions } from '../loading/load-options.ts';
import { loadGptModel } from './load-gpt-model.ts';
import { sentimentModel } from './sentiment-model.ts';

/**
 * Loads a fine-tuned classifier, with `loadModel`'s options. @default source the embedded sentiment model
 *
 * @throws GptletError UNSUPPORTED_MODEL when the checkpoint carries no head, and all that loadModel throws
 * @example
 * const classifier = await loadClassifier();
 * const [best] = await classifier.classify('What a lovely film!');
 */
export async function loadClassifier(source?: ModelSource, options: LoadOptions = {}): Promise<Classifier> {
  if (source === undefined) {
    try {
      return await load(await sentimentModel(), options);
    } catch (error) {
      if (!GptletError.isInstance(error) || error.code !== 'MODEL_NOT_FOUND') throw error;
      throw new GptletError(
        'MODEL_NOT_FOUND',
        'The sentiment model that ships with gptlet is not there: copy models/sentiment of the package to where its code is served, or pass a classifier checkpoint.',
        { cause: error },
      );
    }
  }
  return load(source, options);
}

async function load(source: ModelSource, options: LoadOptions): Promise<Classifier> {
  const model = await loadGptModel(source, resolveLoadOptions(options));
  try {
    return createClassifier(model);
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
