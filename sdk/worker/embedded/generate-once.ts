import { bannedSequences } from '../../generation/banned-texts.ts';
import { decode } from '../../generation/decode-loop.ts';
import type { GenerateInput } from '../../generation/generate-once.ts';
import type { GenerationPart, GenerationResult } from '../../loaded-model/generation.ts';
import { openSampler } from '../../sampler/create-sampler.ts';

/**
 * Stands in the worker for generating for the function of the same name: one sequence, no constraint, no log-probabilities. Calls
 * that want more go to the other worker (`isSimple` in sdk/api/load-model.ts).
 */
export async function generateOnce(
  { kvSequence, config, tokenizer, promptIds, options }: GenerateInput,
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
): Promise<GenerationResult> {
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
}
