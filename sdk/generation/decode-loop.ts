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
  const { promptIds, options, sampler, constraint, signal, tokenizer } = input;
  const assembler = new PartAssembler(tokenizer, promptIds, options, onPart);
  const history = Array.from(promptIds);
  // The last token that fits needs no place in the KV cache: nothing is predicted from it.
  const limit = Math.min(options.maxNewTokens, input.config.nCtx - promptIds.length + 1);
  const source = chooseSource(
    { kvSequence: input.kvSequence, sampler, options, limit, restrict: tokenRestrictions(input, limit) },
    isRestricted(input),
  );
  const started = performance.now();
  let prefilled = started;
  let cachedTokens = 0;
  let logprobSum = 0;
  let finishReason: GenerationResult['finishReason'] = 'length';
  let stoppedByText = false;

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
      constraint?.accept(tokenId);
      stoppedByText = assembler.push(
        tokenId,
        options.logprobs === undefined ? undefined : tellLogprob(tokenId, logprob, top, tokenizer),
      );
      if (stoppedByText || constraint?.isComplete()) {
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
    ...measures(promptIds, cachedTokens, assembler.tokenIds, started, prefilled),
    ...(options.logprobs === undefined ? {} : { logprobs: assembler.logprobs }),
    logprobSum,
  };
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
  const text = (id: number): string => tokenizer?.decode([id]) ?? '';
  return { tokenId, text: text(tokenId), logprob, top: top.map((rival) => ({ ...rival, text: text(rival.tokenId) })) };
}
