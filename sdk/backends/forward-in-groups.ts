import { groupSequences } from '../model/group-sequences.ts';
import { checkInput } from './check-input.ts';
import type { BatchOptions, Engine, ForwardResult } from './engine.ts';
import { forwardOneByOne } from './forward-one-by-one.ts';

/** {@link Engine.forwardBatch} by groups of at most `mostTokens` tokens, each in one pass; one alone may be longer than that. */
export async function forwardInGroups(
  engine: Engine,
  sequences: readonly Uint32Array[],
  position: number,
  options: BatchOptions,
  mostTokens: number,
  forwardGroup: (group: readonly Uint32Array[]) => Promise<ForwardResult[]>,
): Promise<ForwardResult[]> {
  for (const sequence of sequences) checkInput(engine.config, sequence, position);
  const results: ForwardResult[] = [];
  // The last logits of several are several matrix-vector products, which gain nothing from each other.
  const most = (options.logits ?? 'last') === 'last' ? 0 : mostTokens;
  for (const group of groupSequences(sequences, most)) {
    const run = group.length > 1 ? forwardGroup(group) : forwardOneByOne(engine, group, position, options);
    results.push(...(await run));
  }
  return results;
}
