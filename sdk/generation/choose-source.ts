import { CandidateSource } from './candidate-source.ts';
import { GreedySource } from './greedy-source.ts';
import { RowSource, type TokenSource, type TokenSourceInput } from './token-source.ts';

/** The source that reads the least back from the engine and still gives the same tokens. */
export function chooseSource(input: TokenSourceInput, isRestricted: boolean): TokenSource {
  const { sampler, options, kvSequence } = input;
  const {
    temperature,
    topK,
    repetitionPenalty,
    presencePenalty,
    frequencyPenalty,
    noRepeatNgramSize,
    logitBias,
    bannedTokenIds,
  } = sampler.options;
  const plain =
    !isRestricted &&
    repetitionPenalty === 1 &&
    presencePenalty === 0 &&
    frequencyPenalty === 0 &&
    noRepeatNgramSize === 0 &&
    logitBias.length === 0 &&
    bannedTokenIds.length === 0;
  if (!plain || kvSequence.mostCandidates === 0) return new RowSource(input);
  const needsLogprobs = options.logprobs !== undefined || options.numSequences > 1;
  if (temperature === 0 && !needsLogprobs) return new GreedySource(input);
  if (topK > 0 && topK <= kvSequence.mostCandidates && (options.logprobs ?? 0) <= kvSequence.mostCandidates)
    return new CandidateSource(input);
  return new RowSource(input);
}
