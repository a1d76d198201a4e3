import type { Engine, ForwardOptions, ForwardResult } from '../engine.ts';
import { forwardInGroups } from '../forward-in-groups.ts';
import { encodePass } from './encode-pass.ts';
import { logitsChunk, type Slot } from './engine-parts.ts';
import type { PassContext } from './pass-context.ts';
import { prefillSteps } from './plan.ts';
import { copyRows } from './prefill.ts';

/**
 * {@link Engine.forwardBatch}: as many in a pass as a chunk holds and as fit into the cache behind what they share.
 *
 * @param enter begins a pass whose first sequence is given
 */
export function forwardBatch(
  engine: Engine,
  context: PassContext,
  enter: (first: Uint32Array) => Slot,
  sequences: readonly Uint32Array[],
  position: number,
  options: ForwardOptions,
): Promise<ForwardResult[]> {
  const chunk = options.logits === 'all' ? logitsChunk(context.parts) : context.parts.chunk;
  const most = Math.min(chunk, engine.config.nCtx - position);
  return forwardInGroups(engine, sequences, position, options, most, (group) =>
    forwardGroup(context, enter(group[0]), group, position, options),
  );
}

/**
 * Several sequences in one pass, each after what the cache holds before `position`; all of them fit into a chunk. Logits
 * of all their tokens or of none.
 */
async function forwardGroup(
  context: PassContext,
  slot: Slot,
  sequences: readonly Uint32Array[],
  position: number,
  { logits, hidden = 'none', adapter }: ForwardOptions,
): Promise<ForwardResult[]> {
  const { shared, readback } = context;
  const { config, planner, weights } = context.parts;
  const { V, C } = weights.dimensions;
  const all = logits === 'all' ? await context.allLogits() : undefined;
  let [T, bytes] = [0, 0];
  const parts = sequences.map(({ length }) => {
    const rows = { all: length, last: 1, none: 0 }[hidden];
    T += length;
    bytes += ((all ? length * V : 0) + rows * C) * 4;
    return { length, end: T, rows };
  });
  readback.reserve(bytes);
  await context.makeRoom(slot, position, T);
  context.write(position, ...sequences);
  const encoder = context.encoder();
  encodePass(encoder, T, shared.embed, prefillSteps(context.plan(slot, adapter)), shared.finish, all ? all.steps : []);
  for (const { length, end, rows } of parts) {
    if (all) readback.copy(encoder, all.buffer, length * V * 4, (end - length) * V * 4);
    if (rows) readback.copy(encoder, planner.hidden, rows * C * 4, (end - rows) * C * 4);
  }
  context.submit(encoder);
  if (bytes === 0) return parts.map(() => ({}));
  return readback.take((mapped) => {
    let at = 0;
    const take = (rows: number, padded: number, width: number): Float32Array => {
      const values = new Float32Array(rows * width);
      copyRows(new Float32Array(mapped, at, rows * padded), padded, values, 0, width);
      at += rows * padded * 4;
      return values;
    };
    return parts.map(({ length, rows }) => ({
      ...(all && { logits: take(length, V, config.vocabSize) }),
      ...(rows && { hidden: take(rows, C, config.nEmbd) }),
    }));
  });
}
