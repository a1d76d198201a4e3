import { GptletError } from '../../errors/gptlet-error.ts';
import { invalid } from '../../errors/invalid.ts';
import { checkArgument } from '../../options/check-argument.ts';
import { resolveOptions } from '../../options/check-options.ts';
import { texts as textList } from '../../options/kinds.ts';
import { trainTokenizerOptions } from '../../options/table.ts';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { Pacer } from '../pacer.ts';
import { countPieces } from './count-pieces.ts';
import { learnMerges } from './learn-merges.ts';
import { type TrainedTokenizerFile, tokenizerFiles } from './tokenizer-files.ts';

export interface TrainTokenizerOptions {
  /** Ids in all, the 256 bytes and special tokens among them. Fewer come of texts that repeat too little. */
  vocabSize: number;
  /** In the order of their ids, the last of the vocabulary; the first ends a text. @default ['<|endoftext|>'] */
  specialTokens?: readonly string[];
  /** A pair that occurs less often becomes no token. @default 2 */
  minFrequency?: number;
  /** Of 1, the whole. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

export interface TrainedTokenizer {
  readonly tokenizer: Tokenizer;
  /** In the hub's layout: `createTokenizer` reads them, as do the hub's libraries. */
  readonly files: Readonly<Record<TrainedTokenizerFile, Uint8Array<ArrayBuffer>>>;
}

/** Share of the time that counting takes, roughly. */
const counting = 0.3;
const bytes = 256;

/**
 * Learns a byte-level BPE vocabulary from texts, as GPT-2's was (split pattern included), in this thread, a few milliseconds at a time.
 *
 * @throws GptletError INVALID_OPTION; the signal's reason once it is aborted
 * @example
 * const { tokenizer, files } = await trainTokenizer(stories, { vocabSize: 2048 });
 */
export async function trainTokenizer(
  texts: readonly string[],
  options: TrainTokenizerOptions,
): Promise<TrainedTokenizer> {
  checkArgument('texts', texts, textList);
  const { vocabSize, specialTokens, minFrequency, onProgress, signal } = resolveOptions(
    trainTokenizerOptions(),
    options,
  );
  const least = bytes + specialTokens.length;
  if (vocabSize < least)
    throw invalid('vocabSize', vocabSize, `at least ${least}: every byte and ${specialTokens.length} special tokens`);
  if (!texts.some((text) => text.length > 0))
    throw new GptletError(
      'INVALID_OPTION',
      'There is no text to learn a vocabulary from; give some, a few kilobytes at least.',
    );
  signal?.throwIfAborted();
  const pacer = new Pacer(signal ?? new AbortController().signal);
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  const pieces = await countPieces(texts, pacer, (done) => onProgress?.((counting * done) / characters));
  const most = vocabSize - least;
  const merges = await learnMerges(pieces, most, minFrequency, pacer, (done) =>
    onProgress?.(counting + ((1 - counting) * done) / most),
  );
  const files = tokenizerFiles(merges, specialTokens);
  onProgress?.(1);
  return { tokenizer: await createTokenizer(files), files };
}
