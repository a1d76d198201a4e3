import { GptletError } from '../errors/gptlet-error.ts';
import type { CallOptions } from '../loaded-model/call-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { HeadConfig } from '../model/config.ts';
import { groupSequences } from '../model/group-sequences.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { callback, fields, object, text } from '../options/kinds.ts';
import { passOptions } from '../options/table.ts';
import { resolveInputFormat } from './input-format.ts';
import { type FoundSpan, spansOf } from './span-labels.ts';
import { wordsOf } from './words.ts';

/** A model with a head that labels words: it finds names, products, dates in a text. */
export interface SpanFinder extends AsyncDisposable {
  readonly model: GptModel;
  /** Of words: `O`, `B-…` and `I-…`, in the order of the head's logits. */
  readonly labels: readonly string[];
  /** The labelled places of a text, in their order. A text longer than the context is read as far as that goes. */
  findSpans(text: string, options?: CallOptions): Promise<FoundSpan[]>;
  dispose(): Promise<void>;
}

/** Tokens that go to the model at once. */
const tokensAtOnce = 1024;

/**
 * Puts finding over a loaded model with a …ForTokenClassification head.
 *
 * @throws GptletError UNSUPPORTED_MODEL for another head
 * @example
 * const [{ label, text }] = await createSpanFinder(await loadModel('./names/')).findSpans('Ask Ada Lovelace.');
 */
export function createSpanFinder(model: GptModel): SpanFinder {
  checkArgument('model', model, fields({ config: object, classifyIdsBatch: callback }));
  const { head } = model.config;
  if (head?.kind !== 'token-classification')
    throw new GptletError(
      'UNSUPPORTED_MODEL',
      `This checkpoint has ${head ? `a ${head.kind} head` : 'only a language-model head'}; finding places in texts needs one of the kind …ForTokenClassification.`,
    );
  return spanFinderWith(model, head, (sequences, options) => model.classifyIdsBatch(sequences, options));
}

/** The same with a head that gives the logits of a sequence's last token. */
export function spanFinderWith(
  model: GptModel,
  head: HeadConfig,
  logitsOfIds: GptModel['classifyIdsBatch'],
): SpanFinder {
  const { startIds } = resolveInputFormat(head.inputFormat, model.tokenizer);
  return {
    model,
    labels: head.labels,
    findSpans: async (given, options = {}) => {
      checkArgument('text', given, text);
      const call = checkOptions(passOptions(), options);
      const { tokenIds, words } = wordsOf(given, model.tokenizer);
      const ids = Uint32Array.from([...startIds, ...tokenIds]);
      const read = words.filter(({ token }) => startIds.length + token < model.config.nCtx);
      // What comes before a word is all that the model knows of it: a word is asked about with the text up to it.
      const sequences = read.map(({ token }) => ids.slice(0, startIds.length + token + 1));
      const logits: Float32Array[] = [];
      for (const group of groupSequences(sequences, tokensAtOnce)) logits.push(...(await logitsOfIds(group, call)));
      return spansOf(given, read, logits, head.labels);
    },
    dispose: () => model.dispose(),
    [Symbol.asyncDispose]: () => model.dispose(),
  };
}
