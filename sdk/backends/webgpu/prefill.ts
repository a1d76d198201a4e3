import type { ForwardOptions, ForwardResult } from '../engine.ts';
import { encodePass } from './encode-pass.ts';
import { logitsChunk, type Slot } from './engine-parts.ts';
import type { PassContext } from './pass-context.ts';
import { prefillSteps } from './plan.ts';

/** Runs T tokens in chunks. Between chunks the event loop gets its turn and the signal is looked at. */
export async function prefill(
  context: PassContext,
  slot: Slot,
  tokenIds: Uint32Array,
  position: number,
  { logits = 'last', hidden = 'none', adapter, signal }: ForwardOptions,
): Promise<ForwardResult> {
  const { shared, readback } = context;
  const { config, planner, buffers, gpu, weights } = context.parts;
  const { vocabSize, nEmbd } = config;
  const { V, C } = weights.dimensions;
  const T = tokenIds.length;
  const chunk = logits === 'all' ? logitsChunk(context.parts) : context.parts.chunk;
  const logitsOut = logits === 'none' ? undefined : new Float32Array(vocabSize * (logits === 'all' ? T : 1));
  const hiddenOut = hidden === 'none' ? undefined : new Float32Array(nEmbd * (hidden === 'all' ? T : 1));
  let previous: Promise<void> | undefined;

  for (let from = 0; from < T; from += chunk) {
    signal?.throwIfAborted();
    const tokens = tokenIds.subarray(from, from + chunk);
    const n = tokens.length;
    const isLast = from + n === T;
    const hiddenRows = hidden === 'all' ? n : hidden === 'last' && isLast ? 1 : 0;
    const logitRows = logits === 'all' ? n : logits === 'last' && isLast ? 1 : 0;
    const all = logits === 'all' ? await context.allLogits() : undefined;
    const bytes = (logitRows * V + hiddenRows * C) * 4;
    if (bytes > 0) readback.reserve(bytes);

    await context.makeRoom(slot, position + from, n);
    context.write(position + from, tokens);
    const encoder = context.encoder();
    const finish = hiddenRows > 0 || all ? shared.finish : [];
    encodePass(
      encoder,
      n,
      shared.embed,
      prefillSteps(context.plan(slot, adapter)),
      finish,
      all ? all.steps : logitRows ? shared.head : [],
    );
    if (logitRows > 0) readback.copy(encoder, all?.buffer ?? buffers.logits, logitRows * V * 4);
    if (hiddenRows > 0) readback.copy(encoder, planner.hidden, hiddenRows * C * 4, (n - hiddenRows) * C * 4);
    context.submit(encoder);

    if (bytes > 0) {
      await readback.take((mapped) => {
        copyRows(new Float32Array(mapped, 0, logitRows * V), V, logitsOut, logits === 'all' ? from : 0, vocabSize);
        copyRows(new Float32Array(mapped, logitRows * V * 4), C, hiddenOut, hidden === 'all' ? from : 0, nEmbd);
      });
    } else {
      // One chunk ahead, so that the GPU does not wait for the CPU in between.
      await previous;
      previous = gpu.idle();
      // Nobody may be left to hear of it, after an abort.
      previous.catch(() => {});
    }
  }
  await previous;
  gpu.check();
  return { ...(logitsOut && { logits: logitsOut }), ...(hiddenOut && { hidden: hiddenOut }) };
}

/** Rows of width `padded` into rows of width `width`, from row `first` of the target on. */
export function copyRows(
  source: Float32Array,
  padded: number,
  target: Float32Array | undefined,
  first: number,
  width: number,
): void {
  if (!target) return;
  for (let row = 0; row * padded < source.length; row++) {
    target.set(source.subarray(row * padded, row * padded + width), (first + row) * width);
  }
}
