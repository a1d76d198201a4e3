import { invalid } from '../errors/invalid.ts';
import type { Score, ScoreText } from '../loaded-model/gpt-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Tokens of which those from `countFrom` on (at least 1) are scored, each given all before it. */
export interface ScoreInput {
  readonly tokenIds: Uint32Array;
  readonly countFrom: number;
}

/**
 * What the tokenizer puts before a text, or else the model's begin-of-text token; context; and what is scored. Nothing
 * is put between those two, nor after them: it is neither's.
 */
export function scoreInput(input: ScoreText, tokenizer: Tokenizer, bosTokenId: number | undefined): ScoreInput {
  if (typeof input !== 'string' && (typeof input !== 'object' || input === null))
    throw invalid('what is scored', input, 'a text, or { context, continuation }');
  const { context, continuation } = typeof input === 'string' ? { context: '', continuation: input } : input;
  const { before: added } = tokenizer.template;
  const begin = added.length > 0 || bosTokenId === undefined ? added : [bosTokenId];
  const before = [...begin, ...tokenizer.encode(context, { addSpecial: false })];
  const after = tokenizer.encode(continuation, { addSpecial: false, continues: context !== '' });
  const tokenIds = Uint32Array.from([...before, ...after]);
  // Without anything before it the first token has no probability to speak of.
  return { tokenIds, countFrom: Math.max(1, before.length) };
}

/** Natural log of softmax(logits)[tokenId] over one row of V logits that starts at `offset`. */
export function logProbability(logits: Float32Array, offset: number, vocabSize: number, tokenId: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < vocabSize; v++) if (logits[offset + v] > max) max = logits[offset + v];
  let sum = 0;
  for (let v = 0; v < vocabSize; v++) sum += Math.exp(logits[offset + v] - max);
  return logits[offset + tokenId] - max - Math.log(sum);
}

/** One pass of a strided scoring: run tokens start … end - 1, count those from `countFrom` on. */
export interface ScoreWindow {
  readonly start: number;
  readonly end: number;
  readonly countFrom: number;
}

/**
 * Windows that cover `length` tokens, as the GPT-2 paper scored long texts: each moves on by `stride` and
 * counts only what the one before it did not reach. One window where the text fits.
 */
export function scoreWindows(length: number, nCtx: number, stride: number, countFrom: number): ScoreWindow[] {
  const windows: ScoreWindow[] = [];
  let counted = countFrom;
  for (let start = 0; counted < length; start += stride) {
    const end = Math.min(start + nCtx, length);
    if (end <= counted) continue;
    windows.push({ start, end, countFrom: counted });
    counted = end;
  }
  return windows;
}

/** Sums up; `text` gives the bytes of bits per byte. */
export function summarise(tokenIds: Uint32Array, logprobs: readonly number[], tokenizer: Tokenizer): Score {
  const logprob = logprobs.reduce((sum, value) => sum + value, 0);
  const bytes = tokenizer.decodeBytes(tokenIds).length;
  return {
    logprob,
    tokens: Array.from(tokenIds, (tokenId, i) => ({
      tokenId,
      text: tokenizer.decode([tokenId]),
      logprob: logprobs[i],
    })),
    perplexity: logprobs.length === 0 ? Number.NaN : Math.exp(-logprob / logprobs.length),
    bitsPerByte: bytes === 0 ? Number.NaN : -logprob / Math.LN2 / bytes,
  };
}
