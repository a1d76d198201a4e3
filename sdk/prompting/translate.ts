import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { callback, fields } from '../options/kinds.ts';
import { translateOptions } from '../options/table.ts';
import { fitShots } from './fit-shots.ts';
import { sentences } from './sentences.ts';

export interface TranslateOptions {
  text: string;
  /** Sentences with their translations: they tell the model which languages are meant. */
  examples: readonly { readonly source: string; readonly target: string }[];
  /** @default 64 */
  maxNewTokens?: number;
  signal?: AbortSignal;
}

export interface Translation {
  /** The first sentence generated. */
  readonly translation: string;
  /** Examples that fitted the context: the last ones. */
  readonly shots: number;
  readonly result: GenerationResult;
}

/**
 * Translation as the GPT-2 paper asks for it (section 3.7): lines of `source = target`, then `text =`, greedy decoding,
 * the first sentence.
 *
 * @throws GptletError INVALID_OPTION for an option unknown or of another type; CONTEXT_OVERFLOW when the text alone does not fit
 * @example
 * const { translation } = await translate(model, {
 *   text: 'Good evening.',
 *   examples: [{ source: 'Good morning.', target: 'Bonjour.' }, { source: 'Thank you.', target: 'Merci.' }],
 * });
 */
export async function translate(model: GptModel, options: TranslateOptions): Promise<Translation> {
  checkArgument('model', model, fields({ generate: callback }));
  const { text, examples, maxNewTokens, signal } = resolveOptions(translateOptions(), options);
  const lines = examples.map(({ source, target }) => `${oneLine(source)} = ${oneLine(target)}\n`);
  const { prompt, shots } = fitShots(model, { head: '', shots: lines, last: `${oneLine(text)} =` }, maxNewTokens);
  const result = await model.generate(prompt, { temperature: 0, maxNewTokens, stop: ['\n'], signal });
  return { translation: sentences(result.text)[0] ?? '', shots, result };
}

/** A line end would end the example. */
function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
