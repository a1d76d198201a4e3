import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel, Prompt } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { callback, fields } from '../options/kinds.ts';
import { LateModel } from './late-model.ts';
import { RunStore } from './run-store.ts';

/** A model that continues texts: a loaded one, or one of a server. */
export type CompletionModel = Pick<GptModel, 'generate'>;

/** Completions of one place of a page, one at a time. */
export class CompletionStore extends RunStore<{ completion: string }> {
  readonly model: LateModel<CompletionModel> = new LateModel();
  /** Of every completion. */
  options: GenerateOptions = {};

  constructor(completion: string) {
    super({ completion });
  }

  readonly complete = (prompt: Prompt, options?: GenerateOptions): Promise<GenerationResult | undefined> =>
    this.run({ completion: '' }, async (signal, show) => {
      const model = await this.model.get(signal);
      checkArgument('model', model, fields({ generate: callback }));
      const generation = model.generate(prompt, { ...this.options, ...options, signal });
      let completion = '';
      for await (const { text } of generation) {
        completion += text;
        show(() => ({ completion }));
      }
      return generation;
    });
}
