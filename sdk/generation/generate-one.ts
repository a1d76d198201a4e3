import { openSampler } from '../sampler/create-sampler.ts';
import { bannedSequences } from './banned-texts.ts';
import { decode } from './decode-loop.ts';
import type { Generate } from './model-parts.ts';

/** The plain way of generating alone, for the embedded worker: one sequence, no beams, no constraint, no log-probabilities. */
export const generateOne: Generate = async (input, onPart, signal) => {
  const { kvSequence, config, tokenizer, promptIds, options } = input;
  const sampler = await openSampler(options.sampling);
  sampler.promptLength = promptIds.length;
  const { logprobSum: _, ...result } = await decode(
    {
      ...{ kvSequence, tokenizer, promptIds, options, sampler, signal, constraint: undefined },
      ...{ vocabSize: config.vocabSize, nCtx: config.nCtx },
      bannedSequences: tokenizer ? bannedSequences(options.bannedTexts, tokenizer) : [],
    },
    onPart,
  );
  return result;
};
