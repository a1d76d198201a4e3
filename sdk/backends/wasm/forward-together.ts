import type { ForwardOptions, ForwardResult } from '../engine.ts';
import type { WasmModel } from './wasm-model.ts';

type Rows = { readonly logits?: Float32Array; readonly hidden?: Float32Array };

/** The engine's two halves of a pass over `T` tokens: all layers, then logits and final hidden states of the first rows. */
interface PassHalves {
  runLayers(T: number): Promise<void>;
  runHead(rows: number, out: Rows): Promise<void>;
}

/** Sequences that fit into one pass: every matrix multiplies all their tokens, attention stays within each. */
export async function forwardTogether(
  model: WasmModel,
  sequences: readonly Uint32Array[],
  { logits = 'last', hidden = 'none' }: ForwardOptions,
  { runLayers, runHead }: PassHalves,
): Promise<ForwardResult[]> {
  const { nEmbd: C, vocabSize: V } = model.config;
  let T = 0;
  const ends = sequences.map(({ length }) => {
    T += length;
    return T;
  });
  model.setTokens(...sequences);
  await runLayers(T);
  const all = logits === 'all' || hidden === 'all';
  if (!all) moveToFront(model, ends);
  const rows = all ? T : ends.length;
  const out = {
    ...(logits === 'none' ? {} : { logits: new Float32Array(rows * V) }),
    ...(hidden === 'none' ? {} : { hidden: new Float32Array(rows * C) }),
  };
  if (out.logits || out.hidden) await runHead(rows, out);
  return sequences.map(({ length }, i) => {
    const rowsOf = (values: Float32Array, which: 'last' | 'all', width: number): Float32Array => {
      const end = all ? ends[i] : i + 1;
      return values.slice((end - (which === 'all' ? length : 1)) * width, end * width);
    };
    return {
      ...(out.logits && logits !== 'none' ? { logits: rowsOf(out.logits, logits, V) } : {}),
      ...(out.hidden && hidden !== 'none' ? { hidden: rowsOf(out.hidden, hidden, C) } : {}),
    };
  });
}

/** Each sequence's last row of the residual stream to rows 0, 1, …, so that the head takes them all at once. */
function moveToFront(model: WasmModel, ends: readonly number[]): void {
  const { buffers, cStride } = model.layout;
  ends.forEach((end, i) => {
    const row = model.floats(buffers.x + (end - 1) * cStride * 4, cStride);
    model.floats(buffers.x + i * cStride * 4, cStride).set(row);
  });
}
