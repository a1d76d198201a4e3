// Kernels and parts that the papers' models do not need, against their slow twins, in the page.

import { activate, linear, rmsNorm, rotate, softCap, softmax } from '../../sdk/backends/reference/operations.ts';
import { kvValueBytes } from '../../sdk/backends/webgpu/cache-layout.ts';
import { fromHalf, toHalf } from '../../sdk/backends/webgpu/half.ts';
import type { KernelTraits } from '../../sdk/backends/webgpu/kernel-factory.ts';
import { RotaryTables } from '../../sdk/backends/webgpu/rotary-tables.ts';
import type { Dtype } from '../../sdk/model/dtype.ts';
import { rotaryAngles } from '../../sdk/model/rotary.ts';
import { type KernelLab, openKernelLab, position, row, T } from './kernel-lab.ts';

const [NH, NKV, HS] = [6, 2, 18];
const turn = { size: 10, base: 100 };

/** Largest absolute difference from the twin by kernel. */
export async function familyKernelDifferences(traits: KernelTraits, dtype: Dtype): Promise<Record<string, number>> {
  const lab = await openKernelLab(traits, dtype, 'silu', {
    ...{ nHead: NH, nKvHead: NKV, headSize: HS, rotary: [turn, null], learnedPositions: 0 },
    ...{ normKind: 'rms', normPlacement: 'sandwich', gatedMlp: true, queryKeyNorm: 'head', convolutionSize: 3 },
    ...{ attentionSoftCap: 2, embeddingScale: 2.5, logitScale: 0.5, logitSoftCap: 1.5 },
  });
  await compareStream(lab);
  await compareHeads(lab);
  await compareGroupedAttention(lab);
  await compareConvolution(lab);
  lab.device.destroy();
  return lab.seen;
}

/** Norms of results, gates, and what becomes of embeddings and logits. */
async function compareStream(lab: KernelLab): Promise<void> {
  const { config, b, factory, tokens, rows, xRow, vector, upload, make, matrix, read, run, compare, times } = lab;
  const { C, I, V } = lab.d;
  const epsilon = config.normEpsilon;
  const table = await matrix(V, C, 201, 90);
  const embedded = times(T, (t) =>
    Float64Array.from({ length: 90 }, (_, c) => table.rounded[tokens[t] * 90 + c] * 2.5),
  );
  compare('embed', await run(factory.embed(table.matrix, undefined, b.between), b.between), embedded, C);

  const [gain, resultGain] = [vector(C, 90), vector(C, 90)];
  const nothing = new Float32Array(C);
  const result = rows(32, C, 90);
  upload(b.added, result);
  const joined = times(T, (t) =>
    rmsNorm(result.subarray(t * C, t * C + 90), resultGain, epsilon).map((value, c) => value + xRow(t)[c]),
  );
  const normed = joined.map((values) => rmsNorm(values, gain, epsilon));
  const norms = [...gain, ...nothing, ...resultGain, ...nothing];
  const up = await matrix(2 * I, C, 260, 90);
  const bias = vector(2 * I, 260);
  const upLinear = { matrix: up.matrix, params: make(Float32Array.of(...norms, ...bias)), bias: 4 * C };
  // Rows are gate and up by turns.
  const gated = (input: ArrayLike<number>): Float64Array => {
    const both = linear(input, up.rounded, 260, bias);
    return Float64Array.from({ length: 130 }, (_, i) => activate('silu', both[2 * i]) * both[2 * i + 1]);
  };
  for (const isNormed of [true, false]) {
    const input = { kind: 'joined', x: b.added, residual: b.x, kept: b.between, normed: isNormed } as const;
    const wanted = isNormed ? normed : joined;
    compare('join', await run([factory.norm(upLinear.params, input, b.normed)], b.normed), wanted, C);
    compare('join, kept', new Float32Array(await read(b.between)), joined, C);
    upload(b.between, new Float32Array(32 * C));
    const found = await run(factory.matvec(upLinear, input, { kind: 'gated', y: b.inner }), b.inner);
    compare('matvec joined gated', found, [gated(wanted[row])], I);
    compare('matvec joined, kept', new Float32Array(await read(b.between)), [joined[row]], C);
  }
  compare(
    'matmul gated',
    await run(factory.matmul(upLinear, b.x, { kind: 'gated', y: b.inner }), b.inner),
    times(T, (t) => gated(xRow(t))),
    I,
  );
  const head = { matrix: table.matrix, params: make(vector(V, 201)), bias: 0 };
  const headBias = new Float32Array(await read(head.params));
  const logits = linear(xRow(row), table.rounded, 201, headBias).map((logit) => softCap(logit * 0.5, 1.5));
  const plain = { kind: 'plain', x: b.x } as const;
  compare('logits', await run(factory.matvec(head, plain, { kind: 'logits', y: b.logits }), b.logits), [logits], V);
}

/** Queries and keys by heads and all together, with rotary positions and without. */
async function compareHeads(lab: KernelLab): Promise<void> {
  const { config, b, d, dtype, slot, gpu, mixers, changed, vector, rows, upload, uploadRun } = lab;
  const { make, matrix, read, run, compare, times } = lab;
  const { C, A, KV } = d;
  const width = A + 2 * KV;
  const tables = new RotaryTables(gpu, config);
  await tables.reach(config.nCtx);
  const { matrix: qkv } = await matrix(width, C, width, 90);
  const exact = kvValueBytes(dtype) === 4;
  /** Where a value of a head stands: those that turn together side by side. */
  const place = (i: number, turns: boolean): number =>
    !turns || i >= turn.size ? i : i < turn.size / 2 ? 2 * i : 2 * (i - turn.size / 2) + 1;
  for (const queryKeyNorm of ['none', 'head', 'joint'] as const) {
    for (const layer of [0, 1]) {
      const turns = layer === 0;
      const [queries, keys, values] = [
        rows(T, NH * HS, NH * HS),
        rows(T, NKV * HS, NKV * HS),
        rows(T, NKV * HS, NKV * HS),
      ];
      const joint = queryKeyNorm === 'joint';
      const gains = [vector(joint ? NH * HS : HS), vector(joint ? NKV * HS : HS)];
      /** One row in the engine's padded order. */
      const spread = (data: ArrayLike<number>, out: Float32Array, at: number, turned = turns): void => {
        for (let i = 0; i < data.length; i++) out[at + Math.floor(i / HS) * d.HS + place(i % HS, turned)] = data[i];
      };
      const raw = new Float32Array(32 * width);
      const params = new Float32Array(2 * C + width + A + KV);
      spread(gains[0], params, 2 * C + width);
      spread(gains[1], params, 2 * C + width + A);
      const wanted = times(T, (t) => {
        const row = (data: Float32Array): Float32Array =>
          data.subarray((t * data.length) / T, ((t + 1) * data.length) / T);
        spread(row(queries), raw, t * width);
        spread(row(keys), raw, t * width + A);
        spread(row(values), raw, t * width + A + KV, false);
        const [q, k, v] = [new Float32Array(A), new Float32Array(KV), new Float32Array(KV)];
        const made = (data: Float32Array, gain: Float32Array): Float64Array => {
          const size = joint ? data.length : HS;
          const out = Float64Array.from(data);
          for (let at = 0; at < data.length && queryKeyNorm !== 'none'; at += size) {
            out.set(rmsNorm(data.subarray(at, at + size), gain, config.normEpsilon), at);
          }
          for (let at = 0; at < data.length && turns; at += HS) {
            rotate(out.subarray(at, at + HS), rotaryAngles(turn, config.nCtx), position + t);
          }
          return out;
        };
        spread(made(row(queries), gains[0]), q, 0);
        spread(made(row(keys), gains[1]), k, 0);
        spread(row(values), v, 0, false);
        return { q, k, v };
      });
      upload(b.q, raw);
      const linear = { matrix: qkv, params: make(params), bias: 2 * C };
      const families = changed({ queryKeyNorm });
      const cache = slot.layers[layer];
      await run([families.heads(linear, tables.of(layer), cache, b.q)], cache.buffer);
      const found = new Float32Array(await read(b.q));
      compare(
        'heads',
        found,
        wanted.map(({ q }) => q),
        width,
      );
      const bytes = await read(cache.buffer);
      const held = exact ? new Float32Array(bytes) : Float32Array.from(new Uint16Array(bytes), fromHalf);
      compare(
        'heads, cache',
        held.subarray(position * KV),
        wanted.map(({ k }) => k.subarray(0, NKV * d.HS)),
        KV,
      );
      compare(
        'heads, cache',
        held.subarray((cache.capacity + position) * KV),
        wanted.map(({ v }) => v.subarray(0, NKV * d.HS)),
        KV,
      );
      // The same by attention itself, of the first token, after what the cache holds: once a norm, since each is compiled.
      if (!mixers.makesQueries || turns === (queryKeyNorm === 'none')) continue;
      const data = vector(2 * cache.capacity * KV);
      const halves = Uint16Array.from(data, toHalf);
      const round = (value: number): number => (exact ? value : fromHalf(toHalf(value)));
      const stored = data.map(round);
      const [{ q, k, v }] = wanted;
      for (let i = 0; i < KV; i++) {
        stored[position * KV + i] = round(k[i]);
        stored[(cache.capacity + position) * KV + i] = round(v[i]);
      }
      const attended = attendOnce(lab, cache, q, stored, layer);
      const splits = joint ? 1 : 3;
      uploadRun(1);
      upload(cache.buffer, exact ? data : halves);
      upload(b.q, raw);
      const own = families.queries(linear, tables.of(layer), cache);
      const parts = await run([mixers.attention(cache, b, width, splits, own)], b.mixed);
      const stats = new Float32Array(await read(b.stats));
      compare('attention that makes its queries', joinSplits(lab, parts, stats, splits), [attended], A);
      const kept = await read(cache.buffer);
      const written = exact ? new Float32Array(kept) : Float32Array.from(new Uint16Array(kept), fromHalf);
      for (const [at, values] of [
        [position, k],
        [cache.capacity + position, v],
      ] as const) {
        compare(
          'attention that makes its queries, cache',
          written.subarray(at * KV),
          [values.subarray(0, NKV * d.HS)],
          KV,
        );
      }
      uploadRun(T);
    }
  }
  tables.destroy();
}

/** Attention of the token at `position`, in double precision. */
function attendOnce(
  { config, d }: KernelLab,
  { capacity }: { capacity: number },
  q: Float32Array,
  stored: Float32Array,
  layer: number,
): Float64Array {
  const out = new Float64Array(NH * d.HS);
  const window = config.attentionWindow[layer];
  const first = window > 0 ? Math.max(0, position + 1 - window) : 0;
  for (let head = 0; head < NH; head++) {
    const shared = Math.floor((head * NKV) / NH) * d.HS;
    const scores = Array.from({ length: position + 1 - first }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < d.HS; i++) sum += q[head * d.HS + i] * stored[(first + j) * d.KV + shared + i];
      return softCap(sum * config.attentionScale[layer], config.attentionSoftCap);
    });
    softmax(scores).forEach((p, j) => {
      for (let i = 0; i < d.HS; i++) out[head * d.HS + i] += p * stored[(capacity + first + j) * d.KV + shared + i];
    });
  }
  return out;
}

/** What input-attention.wgsl makes of what several workgroups leave of a head. */
function joinSplits({ d }: KernelLab, parts: Float32Array, stats: Float32Array, splits: number): Float32Array {
  if (splits === 1) return parts;
  return Float32Array.from({ length: NH * d.HS }, (_, i) => {
    const head = Math.floor(i / d.HS);
    const all = Array.from({ length: splits }, (_, s) => ({
      m: stats[(s * NH + head) * 2],
      l: stats[(s * NH + head) * 2 + 1],
      value: parts[s * d.A + i],
    }));
    const most = Math.max(...all.map(({ m }) => m));
    const total = all.reduce((sum, { m, l }) => sum + Math.exp(m - most) * l, 0);
    return all.reduce((sum, { m, value }) => sum + Math.exp(m - most) * value, 0) / total;
  });
}

/** Query heads that share keys and values, with capped scores; split and whole, all tokens of a chunk. */
async function compareGroupedAttention(lab: KernelLab): Promise<void> {
  const { config, b, d, dtype, slot, mixers, vector, rows, upload, run, compare, times } = lab;
  const { A, KV } = d;
  const Q = A + 2 * KV;
  const cache = slot.layers[1];
  const exact = kvValueBytes(dtype) === 4;
  const data = vector(2 * cache.capacity * KV);
  const halves = Uint16Array.from(data, toHalf);
  const stored = exact ? data : Float32Array.from(halves, fromHalf);
  upload(cache.buffer, exact ? data : halves);
  const q = rows(32, Q, A);
  upload(b.q, q);
  const wanted = times(T, (t) => {
    const out = new Float64Array(A);
    const end = position + t + 1;
    const first = Math.max(0, end - config.attentionWindow[1]);
    for (let head = 0; head < NH; head++) {
      const shared = Math.floor((head * NKV) / NH) * d.HS;
      const scores = times(end - first, (j) => {
        let sum = 0;
        for (let i = 0; i < d.HS; i++) sum += q[t * Q + head * d.HS + i] * stored[(first + j) * KV + shared + i];
        return softCap(sum * config.attentionScale[1], 2);
      });
      softmax(scores).forEach((p, j) => {
        for (let i = 0; i < d.HS; i++) {
          out[head * d.HS + i] += p * stored[(cache.capacity + first + j) * KV + shared + i];
        }
      });
    }
    return out.subarray(0, NH * d.HS);
  });
  compare('grouped attention', await run([mixers.attentionOfMany(cache, b, Q)], b.mixed), wanted, A);
  lab.uploadRun(1);
  const one = { ...mixers.attention(cache, b, Q, 1), size: () => [NKV, 1, 1] as const };
  compare('grouped attention of one', await run([one], b.mixed), [wanted[0]], A);
  lab.uploadRun(T);
}

/** A convolution over what the cache holds and what the chunk brings. */
async function compareConvolution(lab: KernelLab): Promise<void> {
  const { config, b, d, dtype, slot, changed, vector, rows, upload, make, read, run, compare, times } = lab;
  const { C, KV } = d;
  const size = config.convolutionSize;
  const exact = kvValueBytes(dtype) === 4;
  const cache = slot.layers[0];
  const before = rows(position, C, 90);
  const halves = Uint16Array.from(before, toHalf);
  const held = exact ? before : Float32Array.from(halves, fromHalf);
  const gates = rows(3 * 32, C, 90);
  upload(b.q, gates);
  const kernel = rows(size, C, 90);
  const bias = vector(C, 90);
  const params = make(Float32Array.of(...kernel, ...bias));
  const gate = (t: number, part: number, c: number): number => gates[(3 * t + part) * C + c];
  const input = (at: number, c: number): number =>
    at < position ? held[at * C + c] : gate(at - position, 0, c) * gate(at - position, 2, c);
  const wanted = times(T, (t) =>
    Float64Array.from({ length: 90 }, (_, c) => {
      let sum = bias[c];
      for (let j = 0; j < size; j++) sum += kernel[j * C + c] * input(position + t - (size - 1 - j), c);
      return gate(t, 1, c) * sum;
    }),
  );
  // The lab's layers hold keys and values, which is more than a convolution needs.
  if (cache.capacity * 2 * KV < (position + T) * C) throw new Error('the cache is too small for this test');
  upload(cache.buffer, exact ? before : halves);
  const found = await run([changed({}).convolution(params, b.q, cache, b.mixed)], b.mixed);
  compare('convolution', found, wanted, C);
  const bytes = await read(cache.buffer);
  const kept = exact ? new Float32Array(bytes) : Float32Array.from(new Uint16Array(bytes), fromHalf);
  const inputs = times(T, (t) => Float64Array.from({ length: 90 }, (_, c) => input(position + t, c)));
  compare('convolution, cache', kept.subarray(position * C), inputs, C);
}
