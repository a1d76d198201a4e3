import type { Engine, ForwardOptions, ForwardResult } from '../engine.ts';
import { forwardInGroups } from '../forward-in-groups.ts';
import type { WasmModel } from './wasm-model.ts';

/** The engine's two halves of a pass: all layers over `T` tokens, then logits and final hidden states of the rows they leave. */
interface PassHalves {
  enter(): void;
  runLayers(T: number, wanted: readonly number[] | undefined): Promise<number>;
  runHead(rows: number, out: { readonly logits?: Float32Array; readonly hidden?: Float32Array }): Promise<void>;
}

/** {@link Engine.forwardBatch}: as many in a pass as go through the layers at once. */
export function forwardBatch(
  engine: Engine,
  model: WasmModel,
  sequences: readonly Uint32Array[],
  position: number,
  options: ForwardOptions,
  halves: PassHalves,
): Promise<ForwardResult[]> {
  return forwardInGroups(engine, sequences, position, options, model.layout.mostTokens, (group) =>
    forwardGroup(model, group, position, options, halves),
  );
}

/**
 * Sequences that fit into one pass: every matrix multiplies all their tokens, attention stays within each. Logits of all
 * tokens or of none.
 */
async function forwardGroup(
  model: WasmModel,
  sequences: readonly Uint32Array[],
  position: number,
  { logits, hidden = 'none' }: ForwardOptions,
  { enter, runLayers, runHead }: PassHalves,
): Promise<ForwardResult[]> {
  enter();
  const { nEmbd: C, vocabSize: V } = model.config;
  const T = sequences.reduce((sum, { length }) => sum + length, 0);
  model.setTokens(position, ...sequences);
  let end = 0;
  const ends = sequences.map(({ length }) => (end += length));
  const all = logits === 'all' || hidden === 'all';
  const lasts = ends.map((end) => end - 1);
  const rows = await runLayers(T, all ? undefined : hidden === 'last' ? lasts : []);
  const out = {
    ...(logits === 'all' && { logits: new Float32Array(rows * V) }),
    ...(hidden !== 'none' && { hidden: new Float32Array(rows * C) }),
  };
  // A job without a stage would have no barrier, and the threads would lose step.
  if (out.logits || out.hidden) await runHead(rows, out);
  return sequences.map(({ length }, i) => {
    const start = ends[i] - length;
    const last = rows === T ? lasts[i] : i;
    return {
      ...(out.logits && { logits: out.logits.slice(start * V, ends[i] * V) }),
      ...(out.hidden && {
        hidden:
          hidden === 'all' ? out.hidden.slice(start * C, ends[i] * C) : out.hidden.slice(last * C, (last + 1) * C),
      }),
    };
  });
}
