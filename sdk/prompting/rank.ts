import { GptletError } from '../errors/gptlet-error.ts';
import type { GptModel, Score } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { callback, fields } from '../options/kinds.ts';
import { rankOptions } from '../options/table.ts';

/** GPT-3's ways to compare candidates of different lengths (section 2.4 of its paper). */
export type Normalization = 'none' | 'tokens' | 'bytes' | 'unconditional';

export interface RankOptions {
  context: string;
  candidates: readonly string[];
  /**
   * `none`: the summed log-probability; `tokens` and `bytes`: divided by that many; `unconditional`: less the
   * candidate's log-probability after `unconditionalContext`. @default 'none'
   */
  normalize?: Normalization;
  /** @default 'Answer:' as in the GPT-3 paper */
  unconditionalContext?: string;
  signal?: AbortSignal;
}

/** A candidate with its log-probability and the normalised value that ranked it. */
export interface RankedCandidate {
  readonly index: number;
  readonly candidate: string;
  readonly logprob: number;
  readonly score: number;
}

/**
 * Candidates by likelihood after `context`, best first. The context is paid for once: the KV cache keeps it.
 *
 * @throws GptletError INVALID_OPTION for an unknown option, no candidates, an empty one, or an unknown `normalize`
 * @example
 * const [best] = await rank(model, { context: 'The sky is', candidates: [' blue.', ' made of cheese.'], normalize: 'tokens' });
 */
export async function rank(model: GptModel, options: RankOptions): Promise<RankedCandidate[]> {
  checkArgument('model', model, fields({ scoreBatch: callback }));
  const { context, candidates, normalize, unconditionalContext, signal } = resolveOptions(rankOptions(), options);
  if (candidates.length === 0)
    throw new GptletError('INVALID_OPTION', 'There are no candidates to rank; give at least one.');
  const empty = candidates.indexOf('');
  if (empty >= 0)
    throw new GptletError('INVALID_OPTION', `Candidate ${empty} is empty; every candidate needs at least one token.`);
  const after = (before: string): Promise<Score[]> =>
    model.scoreBatch(
      candidates.map((continuation) => ({ context: before, continuation })),
      { signal },
    );
  const scored = await after(context);
  const bare = normalize === 'unconditional' ? await after(unconditionalContext) : [];
  const utf8 = new TextEncoder();
  return candidates
    .map((candidate, index) => {
      const { logprob, tokens } = scored[index];
      const score =
        normalize === 'tokens'
          ? logprob / tokens.length
          : normalize === 'bytes'
            ? logprob / utf8.encode(candidate).length
            : normalize === 'unconditional'
              ? logprob - bare[index].logprob
              : logprob;
      return { index, candidate, logprob, score };
    })
    .sort((a, b) => b.score - a.score);
}
