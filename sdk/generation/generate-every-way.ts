import type { ConnectConstraints, ConstraintCalls } from '../constraint/constraint-calls.ts';
import { vocabularyBytes } from '../constraint/vocabulary-bytes.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GeneratedSequence } from '../loaded-model/generation.ts';
import { abortable } from '../platform/abortable.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { ConstraintFollower } from './constraint-follower.ts';
import { decodeInput } from './decode-input.ts';
import { type DecodeOutcome, decode } from './decode-loop.ts';
import { draftsFor } from './drafts-for.ts';
import { generateBeams } from './generate-beams.ts';
import type { Generate, GenerateInput } from './model-parts.ts';

/**
 * Every way of generating: the prompt once, then one continuation, or several one after the other that share the prompt's KV
 * cache, of which the first streams; or a beam search.
 *
 * @param connect makes a vocabulary ready to be constrained, where the entry has it done
 * @param warn tells the developer what is strange about a constraint
 */
export function generateEveryWay(connect: ConnectConstraints, warn: (message: string) => void): Generate {
  const withDrafts = draftsFor();
  const connections = new WeakMap<Tokenizer, Promise<ConstraintCalls>>();

  async function follower(input: GenerateInput, limit: number): Promise<ConstraintFollower | undefined> {
    const { options, tokenizer } = input;
    if (options.constraint === undefined || !tokenizer) return undefined;
    const connection = connections.get(tokenizer) ?? connect(vocabularyBytes(tokenizer));
    connections.set(tokenizer, connection);
    try {
      const stopTokenIds = [...options.stopTokenIds];
      const opened = await ConstraintFollower.open(
        await connection,
        options.constraint,
        tokenizer,
        stopTokenIds,
        limit,
      );
      for (const warning of opened.warnings) warn(warning);
      return opened;
    } catch (error) {
      // What failed once, a worker that is no more, is begun anew.
      if (!GptletError.isInstance(error) || error.code !== 'INVALID_OPTION') connections.delete(tokenizer);
      throw error;
    }
  }

  /** Undefined also where the call is aborted before its constraint is ready: decoding then ends before it begins. */
  async function begun(
    input: GenerateInput,
    limit: number,
    signal: AbortSignal,
  ): Promise<ConstraintFollower | undefined> {
    const opening = follower(input, limit);
    try {
      return await abortable(opening, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      opening.then((late) => late?.close()).catch(() => {});
      return undefined;
    }
  }

  return async (input, onPart, signal) => {
    const { options, tokenizer } = input;
    if (!tokenizer && (options.stop.length > 0 || options.bannedTexts.length > 0 || options.constraint !== undefined)) {
      throw new GptletError(
        'BAD_TOKENIZER',
        "The options 'stop', 'bannedTexts' and 'constraint' need text, and this checkpoint came without a tokenizer; use 'stopTokenIds' and 'bannedTokenIds'.",
      );
    }
    if (options.numBeams > 1) return generateBeams(input, onPart, signal);
    // One sampler for all sequences: its random numbers go on from one to the next, so they differ.
    const decoding = { ...(await decodeInput(input, signal)), withDrafts: withDrafts(input) };
    const outcomes: DecodeOutcome[] = [];
    for (let i = 0; i < options.numSequences; i++) {
      const constraint = await begun(input, decoding.limit, signal);
      try {
        outcomes.push(await decode({ ...decoding, constraint }, i === 0 ? onPart : () => {}));
      } finally {
        constraint?.close();
      }
      if (outcomes[i].finishReason === 'aborted') break;
    }
    const { logprobSum: _, ...first } = outcomes[0];
    if (options.numSequences === 1) return first;
    // An abort ends the call, whichever sequence it met.
    const { finishReason } = outcomes.find((outcome) => outcome.finishReason === 'aborted') ?? first;
    return { ...first, finishReason, sequences: outcomes.map(toSequence) };
  };
}

function toSequence({ text, tokenIds, logprobSum }: DecodeOutcome): GeneratedSequence {
  return { text, tokenIds, score: logprobSum };
}
