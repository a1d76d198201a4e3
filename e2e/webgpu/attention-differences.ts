import { linear, softmax } from '../../sdk/backends/reference/operations.ts';
import { kvValueBytes } from '../../sdk/backends/webgpu/cache-layout.ts';
import { type KernelLab, position, T } from './kernel-lab.ts';

/** Compares attention over a random cache, and the projection that puts split heads together, with their twins. */
export async function compareAttention(lab: KernelLab): Promise<void> {
  const {
    config,
    b,
    splits,
    dtype,
    factory,
    mixers,
    slot,
    xRow,
    vector,
    rows,
    upload,
    uploadRun,
    make,
    matrix,
    run,
    compare,
    times,
  } = lab;
  const { C, A, HS } = lab.d;
  const cache = slot.layers[0];
  const cacheData = vector(2 * config.nCtx * A);
  const stored = kvValueBytes(dtype) === 4 ? cacheData : cacheData.map((value) => Math.round(value * 512) / 512); // exact in f16
  const toHalves = (values: Float32Array): Uint16Array<ArrayBuffer> =>
    Uint16Array.from(values, (value) => (value === 0 ? 0 : (value < 0 ? 0x8000 : 0) | halfOf(Math.abs(value))));
  upload(cache.buffer, kvValueBytes(dtype) === 4 ? stored : toHalves(stored));
  // Both layers' settings, over the same keys and values.
  const slots = (layer: number) => ({ buffer: cache.buffer, settings: slot.layers[layer].settings });
  const q = rows(32, A, HS * 5);
  upload(b.q, q);
  const attend = (t: number, layer: number): Float64Array => {
    const out = new Float64Array(HS * 5);
    const end = position + t + 1;
    const window = config.attentionWindow[layer];
    const first = window > 0 ? Math.max(0, end - window) : 0;
    for (let head = 0; head < 5; head++) {
      const at = (j: number, i: number): number => j * A + head * HS + i;
      const scores = times(
        end - first,
        (j) =>
          config.attentionScale[layer] *
          times(HS, (i) => q[at(t, i)] * stored[at(first + j, i)]).reduce((a, c) => a + c),
      );
      softmax(scores).forEach((p, j) => {
        for (let i = 0; i < HS; i++) out[head * HS + i] += p * stored[at(config.nCtx + first + j, i)];
      });
    }
    return out;
  };
  const projection = await matrix(C, A, 90, HS * 5);
  const bias = vector(C, 90);
  const projectionLinear = { matrix: projection.matrix, params: make(bias), bias: 0 };
  for (const layer of [0, 1]) {
    const attended = times(T, (t) => attend(t, layer));
    compare('attention', await run([mixers.attentionOfMany(slots(layer), b, A)], b.mixed), attended, A);
    // Padding after the last head is never written; the engine's buffers start as zeros.
    upload(b.mixed, new Float32Array(b.mixed.size / 4));
    uploadRun(1);
    const finished = [linear(attended[0], projection.rounded, 90, bias).map((value, c) => value + xRow(0)[c])];
    const input =
      splits > 1
        ? ({ kind: 'attention', x: b.mixed, stats: b.stats } as const)
        : ({ kind: 'plain', x: b.mixed } as const);
    const drafts = [
      mixers.attention(slots(layer), b, A, splits),
      ...factory.matvec(projectionLinear, input, { kind: 'residual', residual: b.x, y: b.between }, splits),
    ];
    // The lab's steps are sized for all of its tokens.
    if (splits === 1) drafts[0] = { ...drafts[0], size: () => [Math.ceil(5 / 4), 1, 1] as const };
    compare('attention and matvec residual', await run(drafts, b.between), finished, C);
    uploadRun(T);
  }
  const mixed = rows(32, A, HS * 5);
  upload(b.mixed, mixed);
  const summed = times(T, (t) =>
    linear(mixed.subarray(t * A, t * A + HS * 5), projection.rounded, 90, bias).map((value, c) => value + xRow(t)[c]),
  );
  compare(
    'matmul residual',
    await run(factory.matmul(projectionLinear, b.mixed, { kind: 'residual', residual: b.x, y: b.between }), b.between),
    summed,
    C,
  );
}

/** f16 bits of a positive multiple of 1/512 below 2, which f16 has exactly. */
function halfOf(value: number): number {
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}
