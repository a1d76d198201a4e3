import type { ForwardOptions, ForwardResult } from '../engine.ts';
import type { WasmModel } from './wasm-model.ts';

/** The engine's two halves of a pass over `T` tokens: all layers, then logits and final hidden states. */
interface PassHalves {
  runLayers(T: number): Promise<void>;
  runHead(T: number, out: { readonly logits?: Float32Array; readonly hidden?: Float32Array }): Promise<void>;
}

/**
 * Sequences that fit into one pass: every matrix multiplies all their tokens, attention stays within each. Logits of all
 * tokens or of none.
 */
export async function forwardTogether(
  model: WasmModel,
  sequences: readonly Uint32Array[],
  { logits, hidden = 'none' }: ForwardOptions,
  { runLayers, runHead }: PassHalves,
): Promise<ForwardResult[]> {
  const { nEmbd: C, vocabSize: V } = model.config;
  const T = sequences.reduce((sum, { length }) => sum + length, 0);
  model.setTokens(...sequences);
  await runLayers(T);
  const out = {
    ...(logits === 'all' && { logits: new Float32Array(T * V) }),
    ...(hidden !== 'none' && { hidden: new Float32Array(T * C) }),
  };
  // A job without a stage would have no barrier, and the threads would lose step.
  if (out.logits || out.hidden) await runHead(T, out);
  let end = 0;
  return sequences.map(({ length }) => {
    end += length;
    return {
      ...(out.logits && { logits: out.logits.slice((end - length) * V, end * V) }),
      ...(out.hidden && { hidden: out.hidden.slice((end - (hidden === 'all' ? length : 1)) * C, end * C) }),
    };
  });
}
