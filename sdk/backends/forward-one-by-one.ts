import type { Engine, ForwardResult } from './engine.ts';

/** {@link Engine.forwardBatch} as one pass after the other, each from `position` on. */
export async function forwardOneByOne(
  engine: Engine,
  ...[sequences, position, options]: Parameters<Engine['forwardBatch']>
): Promise<ForwardResult[]> {
  const results: ForwardResult[] = [];
  for (const sequence of sequences) {
    const { logits, ...rest } = await engine.forward(sequence, position, options);
    // The next pass may write over a view.
    results.push(logits ? { ...rest, logits: logits.slice() } : rest);
  }
  return results;
}
