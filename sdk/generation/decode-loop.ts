import type { GenerationPart, GenerationResult, TokenLogprob } from '../loaded-model/generation.ts';
import { yieldToEventLoop } from '../platform/event-loop.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chooseSource } from './choose-source.ts';
import type { DecodeInput } from './decode-input.ts';
import { PartAssembler } from './part-assembler.ts';
import { isRestricted, tokenRestrictions } from './token-restrictions.ts';

/** A result, and the sum of the chosen tokens' log-probabilities. */
export type DecodeOutcome = GenerationResult & { readonly logprobSum: number };

/** Prefill, then token after token until something ends it. An abort is an ending, not an error. */
export async function decode(input: DecodeInput, onPart: (part: GenerationPart) => void): Promise<DecodeOutcome> {
  const { promptIds, options, sampler, constraint, limit, signal, tokenizer } = input;
  const assembler = new PartAssembler(tokenizer, promptIds, options, onPart);
  const history = Array.from(promptIds);
  const sourceInput = { kvSequence: input.kvSequence, sampler, options, limit, restrict: tokenRestrictions(input) };
  const plain = chooseSource(sourceInput, isRestricted(input));
  const source = input.withDrafts?.(plain, sourceInput) ?? plain;
  const started = performance.now();
  let prefilled = started;
  let cachedTokens = 0;
  let logprobSum = 0;
  let finishReason: GenerationResult['finishReason'] = 'length';
  let stoppedByText = false;
  let forcedTokens = 0;

  try {
    signal.throwIfAborted();
    cachedTokens = await source.start(promptIds, signal);
    prefilled = performance.now();
    while (assembler.tokenIds.length < limit) {
      await yieldToEventLoop();
      signal.throwIfAborted();
      const { tokenId, logprob, top } = await source.next(history, assembler.tokenIds.length);
      if (options.stopTokenIds.has(tokenId)) {
        finishReason = 'stop';
        break;
      }
      history.push(tokenId);
      logprobSum += logprob;
      stoppedByText = assembler.push(
        tokenId,
        options.logprobs === undefined ? undefined : tellLogprob(tokenId, logprob, top, tokenizer),
      );
      await constraint?.accept([tokenId], limit - assembler.tokenIds.length);
      if (!stoppedByText && constraint && mayForce(input)) {
        const forced = constraint.forcedTokens().slice(0, limit - assembler.tokenIds.length - 1);
        for (let i = 0; i < forced.length && !stoppedByText; i++) {
          history.push(forced[i]);
          stoppedByText = assembler.push(forced[i], undefined);
          forcedTokens++;
        }
        if (forced.length > 0) await constraint.accept(forced, limit - assembler.tokenIds.length);
      }
      if (stoppedByText || constraint?.isComplete) {
        finishReason = 'stop';
        break;
      }
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    finishReason = 'aborted';
  }
  assembler.end(stoppedByText);
  return {
    text: assembler.text,
    tokenIds: assembler.tokenIds,
    finishReason,
    ...(assembler.stopText === undefined ? {} : { stopText: assembler.stopText }),
    ...withUsage(measures(promptIds, cachedTokens, assembler.tokenIds, started, prefilled), {
      ...(constraint && { forcedTokens }),
      ...source.drafts,
    }),
    ...(options.logprobs === undefined ? {} : { logprobs: assembler.logprobs }),
    logprobSum,
  };
}

/**
 * Whether tokens that must come are taken without asking the model, all in one go: not where it is to say what it thinks of
 * each, nor where other rules might forbid one.
 */
const mayForce = ({ options, bannedSequences }: DecodeInput): boolean =>
  options.logprobs === undefined &&
  options.numSequences === 1 &&
  bannedSequences.length === 0 &&
  options.sampling.bannedTokenIds.length === 0 &&
  options.sampling.noRepeatNgramSize === 0;

function withUsage<T extends Pick<GenerationResult, 'usage'>>(
  measured: T,
  more: Partial<GenerationResult['usage']>,
): T {
  return { ...measured, usage: { ...measured.usage, ...more } };
}

/** What a result says of its cost. */
export function measures(
  promptIds: Uint32Array,
  cachedTokens: number,
  generated: readonly number[],
  started: number,
  prefilled: number,
): Pick<GenerationResult, 'usage' | 'timings'> {
  const decodeMs = performance.now() - prefilled;
  const generatedTokens = generated.length;
  const tokensPerSecond = decodeMs > 0 ? (generatedTokens * 1000) / decodeMs : 0;
  return {
    usage: { promptTokens: promptIds.length, cachedTokens, generatedTokens },
    timings: { prefillMs: prefilled - started, decodeMs, tokensPerSecond },
  };
}

function tellLogprob(
  tokenId: number,
  logprob: number,
  top: readonly { tokenId: number; logprob: number }[],
  tokenizer: Tokenizer | undefined,
): TokenLogprob {
  const text = (id: number): string => (tokenizer && id < tokenizer.vocabSize ? tokenizer.decode([id]) : '');
  return { tokenId, text: text(tokenId), logprob, top: top.map((rival) => ({ ...rival, text: text(rival.tokenId) })) };
}
