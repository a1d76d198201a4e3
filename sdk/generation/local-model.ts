import { checkGenerateOptions, type GenerateOptions } from '../loaded-model/generate-options.ts';
import { createGeneration, type Generation } from '../loaded-model/generation.ts';
import type { GptModel, Prompt, Score, ScoreOptions, ScoreText } from '../loaded-model/gpt-model.ts';
import { LocalQueries } from './local-queries.ts';

/** A model in the thread that calls it: the whole of {@link GptModel} over an engine. */
export class LocalModel extends LocalQueries implements GptModel {
  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(() => {
      const { signal, ...checked } = checkGenerateOptions(options);
      return { signal, run: this.generationRun(prompt, checked) };
    });
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
