import { invalid } from '../errors/invalid.ts';
import type { ModelConfig } from '../model/config.ts';
import type { KvSequence } from './kv-sequence.ts';
import { logProbability, scoreWindows } from './scoring.ts';

/** Positions whose logits are held at once: 64 rows of GPT-2's vocabulary are 13 MB. */
export const rowsAtOnce = 64;

/** Natural-log probabilities of tokenIds[countFrom …], each given those before it, in windows where the text is long. */
export async function scoreTokens(
  kvSequence: KvSequence,
  config: ModelConfig,
  tokenIds: Uint32Array,
  countFrom: number,
  stride: number,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const { nCtx, vocabSize } = config;
  const logprobs: number[] = [];
  for (const window of scoreWindows(tokenIds.length, nCtx, stride, countFrom)) {
    // The last token of a window predicts nothing that counts here.
    const inputs = tokenIds.subarray(window.start, window.end - 1);
    const firstRow = window.countFrom - 1 - window.start;
    if (firstRow > 0) await kvSequence.prefill(inputs.subarray(0, firstRow), { logits: 'none', signal });
    for (let row = firstRow; row < inputs.length; row += rowsAtOnce) {
      const rowEnd = Math.min(row + rowsAtOnce, inputs.length);
      const { logits } = await kvSequence.prefill(inputs.subarray(0, rowEnd), { logits: 'all', signal }, row);
      for (let i = row; i < rowEnd; i++) {
        logprobs.push(
          logProbability(
            logits as Float32Array,
            (i - row) * vocabSize,
            vocabSize,
            inputs[i + 1] ?? tokenIds[window.end - 1],
          ),
        );
      }
    }
  }
  return logprobs;
}

/** @throws GptletError INVALID_OPTION */
export function resolveStride(stride: number | undefined, nCtx: number): number {
  const resolved = stride ?? Math.max(1, nCtx >> 1);
  if (Number.isInteger(resolved) && resolved >= 1 && resolved < nCtx) return resolved;
  throw invalid('stride', resolved, `a whole number from 1 to ${nCtx - 1}`);
}
