import { softCap, softmax } from '../../backends/reference/operations.ts';
import type { RunParameters } from '../plan.ts';
import type { AttentionGradientStep, AttentionStep } from '../step.ts';
import { bufferOf, type ReferenceMemory, rowOf, rowsOf } from './memory.ts';

type Attended = AttentionStep | AttentionGradientStep;

export function attention(step: AttentionStep, memory: ReferenceMemory, run: RunParameters): void {
  const { nHead, headSize } = step;
  const rows = rowsOf(step.rows, run);
  for (let n = 0; n < rows; n++) {
    const out = rowOf(memory, step.out, n, nHead * headSize);
    out.fill(0);
    for (let head = 0; head < nHead; head++) {
      const { scores, first } = scoresOf(step, memory, n, head);
      const most = scores.reduce((a, b) => Math.max(a, b));
      const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
      rowOf(memory, step.logSumExp, n, nHead)[head] = most + Math.log(sum);
      softmax(scores).forEach((probability, t) => {
        const value = valueVectorOf(step, memory, first + t, head);
        for (let i = 0; i < headSize; i++) out[head * headSize + i] += probability * value[i];
      });
    }
  }
}

/**
 * With p the probabilities and dP = dOut · value: dScore = p · (dP - Σ p · dP), of which the last is dOut · out (Dao et al., FlashAttention, 2022).
 * Probabilities are made again from the kept logarithm of their sum.
 */
export function attentionGradient(step: AttentionGradientStep, memory: ReferenceMemory, run: RunParameters): void {
  const { nHead, nKvHead, headSize } = step;
  const rows = rowsOf(step.rows, run);
  const width = (nHead + 2 * nKvHead) * headSize;
  for (let n = 0; n < rows; n++) rowOf(memory, step.dQkv, n, width).fill(0);
  const gradient = { ...step, qkv: step.dQkv };
  for (let n = 0; n < rows; n++) {
    for (let head = 0; head < nHead; head++) {
      const { scores, first } = scoresOf(step, memory, n, head);
      const logSumExp = rowOf(memory, step.logSumExp, n, nHead)[head];
      const dOut = rowOf(memory, step.dOut, n, nHead * headSize).subarray(head * headSize, (head + 1) * headSize);
      const out = rowOf(memory, step.out, n, nHead * headSize).subarray(head * headSize, (head + 1) * headSize);
      const mean = dot(dOut, out);
      const query = queryVectorOf(step, memory, n, head);
      const dQuery = queryVectorOf(gradient, memory, n, head);
      scores.forEach((score, t) => {
        const probability = Math.exp(score - logSumExp);
        const dCapped = probability * (dot(dOut, valueVectorOf(step, memory, first + t, head)) - mean);
        const slope = step.softCap > 0 ? 1 - (score / step.softCap) ** 2 : 1;
        const dDot = dCapped * slope * step.scale;
        const key = keyVectorOf(step, memory, first + t, head);
        const dKey = keyVectorOf(gradient, memory, first + t, head);
        const dValue = valueVectorOf(gradient, memory, first + t, head);
        for (let i = 0; i < headSize; i++) {
          dQuery[i] += dDot * key[i];
          dKey[i] += dDot * query[i];
          dValue[i] += probability * dOut[i];
        }
      });
    }
  }
}

/** Scores of a query with every key that it sees, scaled and capped, and the row of the first of them. */
function scoresOf(step: Attended, memory: ReferenceMemory, n: number, head: number) {
  const start = bufferOf(memory, 'sequenceStart')[n];
  const first = step.window > 0 ? Math.max(start, n - step.window + 1) : start;
  const query = queryVectorOf(step, memory, n, head);
  const scores = Float64Array.from({ length: n + 1 - first }, (_, t) =>
    softCap(step.scale * dot(query, keyVectorOf(step, memory, first + t, head)), step.softCap),
  );
  return { scores, first };
}

const queryVectorOf = (step: Attended, memory: ReferenceMemory, n: number, head: number) =>
  headOf(step, memory, n, head);

const keyVectorOf = (step: Attended, memory: ReferenceMemory, n: number, head: number) =>
  headOf(step, memory, n, step.nHead + sharedHead(step, head));

const valueVectorOf = (step: Attended, memory: ReferenceMemory, n: number, head: number) =>
  headOf(step, memory, n, step.nHead + step.nKvHead + sharedHead(step, head));

/** Vector `at` of a row of queries, keys and values. */
const headOf = ({ qkv, headSize }: Attended, memory: ReferenceMemory, n: number, at: number) =>
  rowOf(memory, { ...qkv, offset: qkv.offset + at * headSize }, n, headSize);

const sharedHead = ({ nHead, nKvHead }: Attended, head: number) => Math.floor((head * nKvHead) / nHead);

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
