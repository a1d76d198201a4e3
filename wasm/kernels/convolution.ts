import { sequenceEnd, tokenOfRow } from './sequences';
import { storeUpTo4 } from './softmax';
import { Layer, Model } from './structs';

/**
 * One thread's channels of LFM2's short convolution: qkv (T, 3C: gate of the input, gate of the output, input) -> convolved (T, C).
 * Gated inputs go into the slot, (positions, cStride) f32. Sequences and `wantedOnly` are as in attention.ts.
 */
export function convolution(m: Model, layer: Layer, wantedOnly: bool, thread: i32): void {
  const fours = (m.C + 3) >> 2;
  const from = <usize>((fours * thread) / m.threads) << 4;
  const to = <usize>((fours * (thread + 1)) / m.threads) << 4;
  const cBytes = <usize>m.C << 2;
  const width = <usize>m.cStride << 2;
  const rows = wantedOnly ? m.wantedCount : m.T;
  for (let start = 0, end = 0, row = 0; start < m.T; start = end) {
    end = sequenceEnd(m, start);
    for (let t = start; t < end; t++) {
      const gates = m.qkv + (<usize>(t * m.qkvStride) << 2);
      const position = m.position - layer.base + t - start;
      const state = m.kv + layer.cache + <usize>position * width;
      for (let c = from; c < to; c += 16) {
        v128.store(state + c, f32x4.mul(v128.load(gates + c), v128.load(gates + (cBytes << 1) + c)));
      }
      for (; row < rows && tokenOfRow(m, row, wantedOnly) == t; row++) {
        const out = m.convolved + <usize>row * width;
        const taps = min<usize>(m.convolutionSize, position + 1);
        const first = state - (taps - 1) * width;
        const kernel = layer.kernel + (<usize>m.convolutionSize - taps) * width;
        for (let c = from; c < to; c += 16) {
          let sum = layer.kernelBias ? v128.load(layer.kernelBias + c) : f32x4.splat(0.0);
          for (let j: usize = 0; j < taps; j++) {
            sum = f32x4.add(sum, f32x4.mul(v128.load(kernel + j * width + c), v128.load(first + j * width + c)));
          }
          storeUpTo4(out + c, f32x4.mul(v128.load(gates + cBytes + c), sum), (cBytes - c) >> 2);
        }
      }
    }
  }
}
