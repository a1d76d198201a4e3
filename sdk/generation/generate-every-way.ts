import type { AutomatonStates } from '../constraint/automaton.ts';
import type { ConstraintSpec } from '../constraint/compile-constraint.ts';
import { createConstraint } from '../constraint/create-constraint.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GeneratedSequence } from '../loaded-model/generation.ts';
import { decodeInput } from './decode-input.ts';
import { type DecodeOutcome, decode } from './decode-loop.ts';
import { generateBeams } from './generate-beams.ts';
import type { Generate } from './model-parts.ts';

/**
 * Every way of generating: the prompt once, then one continuation, or several one after the other that share the prompt's KV
 * cache, of which the first streams; or a beam search.
 *
 * @param compile compiles constraints, where the entry has it done
 */
export const generateEveryWay =
  (compile: (spec: ConstraintSpec) => Promise<AutomatonStates>): Generate =>
  async (input, onPart, signal) => {
    const { options, tokenizer } = input;
    if (!tokenizer && (options.stop.length > 0 || options.bannedTexts.length > 0 || options.constraint !== undefined)) {
      throw new GptletError(
        'BAD_TOKENIZER',
        "The options 'stop', 'bannedTexts' and 'constraint' need text, and this checkpoint came without a tokenizer; use 'stopTokenIds' and 'bannedTokenIds'.",
      );
    }
    if (options.numBeams > 1) return generateBeams(input, onPart, signal);
    // One sampler for all sequences: its random numbers go on from one to the next, so they differ.
    const decoding = await decodeInput(input, signal);
    const outcomes: DecodeOutcome[] = [];
    const constraint =
      options.constraint !== undefined &&
      tokenizer &&
      (await createConstraint(await compile(options.constraint), tokenizer, [...options.stopTokenIds]));
    for (let i = 0; i < options.numSequences; i++) {
      const follower = constraint ? constraint.fork() : undefined;
      const outcome = await decode({ ...decoding, constraint: follower }, i === 0 ? onPart : () => {});
      outcomes.push(outcome);
      if (outcome.finishReason === 'aborted') break;
    }
    const { logprobSum: _, ...first } = outcomes[0];
    return options.numSequences === 1 ? first : { ...first, sequences: outcomes.map(toSequence) };
  };

function toSequence({ text, tokenIds, logprobSum }: DecodeOutcome): GeneratedSequence {
  return { text, tokenIds, score: logprobSum };
}
