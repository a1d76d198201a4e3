import type { ModelConfig } from '../model/config.ts';
import type { ScoreOptions } from './gpt-model.ts';
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
  options: ScoreOptions,
): Promise<number[][]> {
  resolveStride(options, config.nCtx);
  const logprobs = new Map<ScoreInput, number[]>();
  const together = inputs.filter(({ tokenIds, countFrom }) => {
    const rows = tokenIds.length - countFrom;
    return rows >= 1 && rows <= rowsAtOnce && tokenIds.length <= config.nCtx;
  });
  if (together.length > 1) {
    const mostShared = Math.min(...together.map(({ countFrom }) => countFrom - 1));
    const sequences = together.map(({ tokenIds }) => tokenIds);
    const shared = sharedPrefix(sequences, mostShared);
    for (const group of groupByRows(together, shared)) {
      for (const [i, values] of (await scoreGroup(kvSequence, config, group, shared, options)).entries())
        logprobs.set(group[i], values);
    }
  }
  const results: number[][] = [];
  for (const input of inputs) {
    const { tokenIds, countFrom } = input;
    results.push(logprobs.get(input) ?? (await scoreTokens(kvSequence, config, tokenIds, countFrom, options)));
  }
  return results;
}

/** Inputs in groups whose logits are at most {@link rowsAtOnce} rows, or of one input. */
function groupByRows(inputs: readonly ScoreInput[], shared: number): ScoreInput[][] {
  const groups: ScoreInput[][] = [];
  let room = 0;
  for (const input of inputs) {
    const rows = input.tokenIds.length - 1 - shared;
    if (rows > room || groups.length === 0) {
      groups.push([]);
      room = rowsAtOnce;
    }
    groups[groups.length - 1].push(input);
    room -= rows;
  }
  return groups;
}

async function scoreGroup(
  kvSequence: KvSequence,
  { vocabSize }: ModelConfig,
  group: readonly ScoreInput[],
  shared: number,
  { signal }: ScoreOptions,
): Promise<number[][]> {
  const prefix = group[0].tokenIds.subarray(0, shared);
  // The last token of each predicts nothing that counts here.
  const rests = group.map(({ tokenIds }) => tokenIds.subarray(shared, -1));
  const results = await kvSequence.forwardBatch(prefix, rests, { logits: 'all', signal });
  return group.map(({ tokenIds, countFrom }, i) => {
    const logits = results[i].logits as Float32Array;
    return Array.from(tokenIds.subarray(countFrom), (tokenId, at) =>
      logProbability(logits, (countFrom - 1 - shared + at) * vocabSize, vocabSize, tokenId),
    );
  });
}
