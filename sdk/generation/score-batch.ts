import type { ModelConfig } from '../model/config.ts';
import { groupSequences } from '../model/group-sequences.ts';
import type { KvSequence } from './kv-sequence.ts';
import { resolveStride, rowsAtOnce, scoreTokens } from './score-tokens.ts';
import { logProbability, type ScoreInput } from './scoring.ts';
import { sharedPrefix } from './shared-prefix.ts';

/**
 * {@link scoreTokens} of several inputs. Those that fit the context go through the model together, and what they all
 * begin with goes once; longer ones go alone, in windows.
 */
export async function scoreBatch(
  kvSequence: KvSequence,
  config: ModelConfig,
  inputs: readonly ScoreInput[],
  options: { readonly stride?: number },
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const stride = resolveStride(options.stride, config.nCtx);
  const logprobs = new Map<ScoreInput, number[]>();
  const together = inputs.filter(({ tokenIds, countFrom }) => {
    const rows = tokenIds.length - countFrom;
    return rows >= 1 && rows <= rowsAtOnce && tokenIds.length <= config.nCtx;
  });
  if (together.length > 1) {
    const sequences = together.map(({ tokenIds }) => tokenIds);
    const shared = sharedPrefix(sequences, Math.min(...together.map(({ countFrom }) => countFrom - 1)));
    // The last token of each predicts nothing that counts here.
    const rests = sequences.map((tokenIds) => tokenIds.subarray(shared, -1));
    let next = 0;
    for (const group of groupSequences(rests, rowsAtOnce)) {
      const prefix = sequences[0].subarray(0, shared);
      const passes = await kvSequence.forwardBatch(prefix, group, { logits: 'all', signal });
      for (const { logits } of passes) {
        const input = together[next++];
        const counted = Array.from(input.tokenIds.subarray(input.countFrom), (tokenId, at) =>
          logProbability(
            logits as Float32Array,
            (input.countFrom - 1 - shared + at) * config.vocabSize,
            config.vocabSize,
            tokenId,
          ),
        );
        logprobs.set(input, counted);
      }
    }
  }
  const results: number[][] = [];
  for (const input of inputs) {
    const { tokenIds, countFrom } = input;
    results.push(logprobs.get(input) ?? (await scoreTokens(kvSequence, config, tokenIds, countFrom, stride, signal)));
  }
  return results;
}
