import { createConstraint } from '../constraint/create-constraint.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ResolvedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GeneratedSequence, GenerationPart, GenerationResult } from '../loaded-model/generation.ts';
import { openSampler } from '../sampler/create-sampler.ts';
import { bannedSequences } from './banned-texts.ts';
import { type DecodeOutcome, decode } from './decode-loop.ts';
import { generateBeams } from './generate-beams.ts';
import type { KvSequence } from './kv-sequence.ts';
import type { GeneratorParts } from './local-generator.ts';

export interface GenerateInput extends GeneratorParts {
  readonly kvSequence: KvSequence;
  readonly promptIds: Uint32Array;
  readonly options: ResolvedGenerateOptions;
}

/**
 * One call of generate(): the prompt once, then one continuation, or several one after the other that share
 * the prompt's KV cache. The first is the one that streams.
 */
export async function generateOnce(
  input: GenerateInput,
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
): Promise<GenerationResult> {
  const { options, tokenizer, config } = input;
  if (!tokenizer && (options.stop.length > 0 || options.bannedTexts.length > 0 || options.constraint !== undefined)) {
    throw new GptletError(
      'BAD_TOKENIZER',
      "The options 'stop', 'bannedTexts' and 'constraint' need text, and this checkpoint came without a tokenizer; use 'stopTokenIds' and 'bannedTokenIds'.",
    );
  }
  const banned = tokenizer ? bannedSequences(options.bannedTexts, tokenizer) : [];
  if (options.numBeams > 1) return generateBeams(input, banned, onPart, signal);
  // One sampler for all sequences: its random numbers go on from one to the next, so they differ.
  const sampler = await openSampler(options.sampling);
  sampler.promptLength = input.promptIds.length;
  const outcomes: DecodeOutcome[] = [];
  const constraint =
    options.constraint !== undefined &&
    tokenizer &&
    (await createConstraint(options.constraint, tokenizer, [...options.stopTokenIds]));
  for (let i = 0; i < options.numSequences; i++) {
    const outcome = await decode(
      {
        kvSequence: input.kvSequence,
        vocabSize: config.vocabSize,
        nCtx: config.nCtx,
        tokenizer,
        promptIds: input.promptIds,
        options,
        bannedSequences: banned,
        sampler,
        constraint: constraint ? constraint.fork() : undefined,
        signal,
      },
      i === 0 ? onPart : () => {},
    );
    outcomes.push(outcome);
    if (outcome.finishReason === 'aborted') break;
  }
  const { logprobSum: _, ...first } = outcomes[0];
  return options.numSequences === 1 ? first : { ...first, sequences: outcomes.map(toSequence) };
}

function toSequence({ text, tokenIds, logprobSum }: DecodeOutcome): GeneratedSequence {
  return { text, tokenIds, score: logprobSum };
}
