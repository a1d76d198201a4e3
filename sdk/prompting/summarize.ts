import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { callback, fields } from '../options/kinds.ts';
import { summarizeOptions } from '../options/table.ts';
import { fitShots } from './fit-shots.ts';
import { sentences } from './sentences.ts';

export interface SummarizeOptions {
  text: string;
  /** Most sentences to keep of what is generated. @default 3 */
  maxSentences?: number;
  /** @default 100 */
  maxNewTokens?: number;
  /** As in `generate`. @default 2, which makes the summary less repetitive and more abstract than greedy decoding */
  topK?: number;
  /** As in `generate`. */
  seed?: number;
  signal?: AbortSignal;
}

export interface Summary {
  readonly summary: string;
  readonly sentences: readonly string[];
  /** Tokens at the text's end that the context had no room for. */
  readonly leftOutTokens: number;
  readonly result: GenerationResult;
}

const cue = '\nTL;DR:';

/**
 * Summary as the GPT-2 paper induces it (section 3.6): the text, "TL;DR:", 100 tokens with top-k 2, of which the first
 * three sentences count. A text that does not fit keeps its beginning.
 *
 * @throws GptletError INVALID_OPTION for an option unknown or of another type
 * @example
 * const { summary } = await summarize(model, { text: article, seed: 1 });
 */
export async function summarize(model: GptModel, options: SummarizeOptions): Promise<Summary> {
  checkArgument('model', model, fields({ generate: callback }));
  const { text, maxSentences, maxNewTokens, topK, seed, signal } = resolveOptions(summarizeOptions(), options);
  const { tokenizer, config } = model;
  // What goes around a text goes around the whole prompt, with the cue, which counts it.
  const tokenIds = tokenizer.encode(text, { addSpecial: false });
  const room = Math.max(0, config.nCtx - maxNewTokens - tokenizer.count(cue));
  const leftOutTokens = Math.max(0, tokenIds.length - room);
  const kept = leftOutTokens === 0 ? text : tokenizer.decode(tokenIds.subarray(0, room));
  // Half a character at the cut may come back as more tokens than it was.
  const { prompt } = fitShots(model, { head: kept.replace(/\uFFFD+$/u, ''), shots: [], last: cue }, maxNewTokens);
  const result = await model.generate(prompt, { maxNewTokens, topK, seed, signal });
  const found = sentences(result.text).slice(0, maxSentences);
  return { summary: found.join(' '), sentences: found, leftOutTokens, result };
}
