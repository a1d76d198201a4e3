import type { ForwardOptions, ForwardResult } from '../engine.ts';
import { encodePass } from './encode-pass.ts';
import type { Slot } from './engine-parts.ts';
import type { PassContext } from './pass-context.ts';

/** Several sequences in one pass, each after what the cache holds before `position`; together they fit into a chunk. */
export async function prefillTogether(
  context: PassContext,
  slot: Slot,
  sequences: readonly Uint32Array[],
  position: number,
  { logits, hidden }: { readonly logits: 'none' | 'all'; readonly hidden: NonNullable<ForwardOptions['hidden']> },
): Promise<ForwardResult[]> {
  const { shared, readback } = context;
  const { config, planner, weights, gpu } = context.parts;
  const { vocabSize, nEmbd } = config;
  const { V, C } = weights.dimensions;
  const T = sequences.reduce((sum, { length }) => sum + length, 0);
  const all = logits === 'all' ? await context.allLogits() : undefined;
  const rowsOf = ({ length }: Uint32Array): number => (hidden === 'all' ? length : hidden === 'last' ? 1 : 0);
  const hiddenRows = sequences.reduce((sum, sequence) => sum + rowsOf(sequence), 0);
  const logitBytes = all ? T * V * 4 : 0;
  const bytes = logitBytes + hiddenRows * C * 4;
  if (bytes > 0) readback.reserve(bytes);

  context.write(position, ...sequences);
  const encoder = context.encoder();
  const body = slot.plan.prefill.flatMap(({ enter, rest }) => [...enter, ...rest]);
  encodePass(encoder, T, shared.embed, body, bytes > 0 ? shared.finish : [], all ? all.steps : []);
  if (all) readback.copy(encoder, { source: all.buffer, bytes: logitBytes });
  let end = 0;
  for (const sequence of sequences) {
    end += sequence.length;
    const rows = rowsOf(sequence);
    if (rows > 0) readback.copy(encoder, { source: planner.hidden, offset: (end - rows) * C * 4, bytes: rows * C * 4 });
  }
  context.submit(encoder);
  if (bytes === 0) {
    await gpu.idle();
    gpu.check();
    return sequences.map(() => ({}));
  }
  return readback.take((mapped) => {
    let [logitRow, hiddenRow] = [0, 0];
    return sequences.map((sequence) => {
      const rows = rowsOf(sequence);
      const result = {
        ...(all && {
          logits: narrowRows(new Float32Array(mapped, logitRow * V * 4, sequence.length * V), V, vocabSize),
        }),
        ...(rows > 0 && {
          hidden: narrowRows(new Float32Array(mapped, logitBytes + hiddenRow * C * 4, rows * C), C, nEmbd),
        }),
      };
      logitRow += sequence.length;
      hiddenRow += rows;
      return result;
    });
  });
}

/** Rows of width `padded` as rows of width `width`, copied. */
function narrowRows(source: Float32Array, padded: number, width: number): Float32Array {
  const rows = source.length / padded;
  const target = new Float32Array(rows * width);
  for (let r = 0; r < rows; r++) target.set(source.subarray(r * padded, r * padded + width), r * width);
  return target;
}
