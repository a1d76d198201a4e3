import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { ResolvedSamplingOptions } from './resolve-sampling-options.ts';
import type { SamplerExports } from './sampler-module.ts';

/** What is added to the score of a token; -Infinity for a ban. */
export type Edit = readonly [tokenId: number, value: number];

/** Checks a row and hands it to the module; `reserve` makes room for everything that the draw will write. */
export function writeLogits(
  wasm: SamplerExports,
  logits: Float32Array,
  historyLength: number,
  editCount: number,
): void {
  if (!(logits instanceof Float32Array) || logits.length === 0) {
    throw invalid('logits', logits, 'a Float32Array with one number per token of the vocabulary');
  }
  wasm.reserve(logits.length, historyLength, editCount);
  new Float32Array(wasm.memory.buffer, wasm.rawBuffer.value, logits.length).set(logits);
  if (!wasm.begin()) {
    throw new GptletError(
      'INVALID_OPTION',
      `None of the ${logits.length} logits is a finite number: there is no token to draw.`,
    );
  }
}

/** Bias, bans, and ids that are suppressed for now. */
export function applyEdits(
  wasm: SamplerExports,
  vocabSize: number,
  edits: readonly Edit[],
  suppressed: readonly number[],
): void {
  const count = edits.length + suppressed.length;
  const ids = new Uint32Array(wasm.memory.buffer, wasm.editIds.value, count);
  const values = new Float32Array(wasm.memory.buffer, wasm.editValues.value, count);
  edits.forEach(([tokenId, value], i) => {
    ids[i] = tokenId;
    values[i] = value;
  });
  ids.set(suppressed, edits.length);
  values.fill(Number.NEGATIVE_INFINITY, edits.length);
  for (const tokenId of ids) {
    if (tokenId >= vocabSize) {
      throw invalid('a token id of logitBias or bannedTokenIds', tokenId, `an id below ${vocabSize}`);
    }
  }
  wasm.applyEdits(count);
}

/** What depends on the tokens so far: penalties and repeated n-grams. */
export function applyHistory(
  wasm: SamplerExports,
  vocabSize: number,
  history: ArrayLike<number>,
  promptLength: number,
  options: ResolvedSamplingOptions,
): void {
  const { repetitionPenalty, presencePenalty, frequencyPenalty, noRepeatNgramSize } = options;
  const countsGenerated = presencePenalty !== 0 || frequencyPenalty !== 0;
  if (history.length === 0 || !(countsGenerated || repetitionPenalty !== 1 || noRepeatNgramSize > 0)) return;
  new Uint32Array(wasm.memory.buffer, wasm.historyBuffer.value, history.length).set(history);
  const foreign = wasm.findForeign(history.length);
  if (foreign >= 0) {
    throw invalid(`history[${foreign}]`, history[foreign], `a token id below ${vocabSize}`);
  }
  if (repetitionPenalty !== 1) wasm.penalizeRepetition(history.length, repetitionPenalty);
  if (countsGenerated) wasm.penalizeGenerated(promptLength, history.length, presencePenalty, frequencyPenalty);
  if (noRepeatNgramSize > 0) wasm.banRepeatedNgrams(history.length, noRepeatNgramSize);
}

/** Rules out every id whose bit is not set, and those past the end of the mask. */
export function applyMask(wasm: SamplerExports, vocabSize: number, mask: Uint32Array): void {
  const words = (vocabSize + 31) >> 5;
  const target = new Uint32Array(wasm.memory.buffer, wasm.maskBuffer.value, words);
  target.set(mask.length > words ? mask.subarray(0, words) : mask);
  target.fill(0, Math.min(mask.length, words));
  wasm.applyMask();
}

/** The error of a draw without a token to draw. */
export function nothingLeft(vocabSize: number): GptletError {
  return new GptletError(
    'INVALID_OPTION',
    `Bans, n-grams and mask rule out all ${vocabSize} tokens: allow at least one (bannedTokenIds, noRepeatNgramSize, constraint).`,
  );
}
