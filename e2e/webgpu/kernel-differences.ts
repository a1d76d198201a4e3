// Runs single kernels on random numbers and compares them with their slow twins in backends/reference, in the page.

import { activate, layerNorm, linear } from '../../sdk/backends/reference/operations.ts';
import { kvValueBytes } from '../../sdk/backends/webgpu/cache-layout.ts';
import { readCandidates } from '../../sdk/backends/webgpu/candidates.ts';
import { fromHalf } from '../../sdk/backends/webgpu/half.ts';
import type { KernelTraits } from '../../sdk/backends/webgpu/kernel-factory.ts';
import type { StepDraft } from '../../sdk/backends/webgpu/kernels.ts';
import { Matrix } from '../../sdk/backends/webgpu/matrix.ts';
import type { Activation } from '../../sdk/model/config.ts';
import type { Dtype } from '../../sdk/model/dtype.ts';
import { compareAttention } from './attention-differences.ts';
import { type KernelLab, openKernelLab, position, row, T } from './kernel-lab.ts';
import { quantiser } from './random-model.ts';

/** Largest absolute difference from the twin by kernel. */
export async function kernelDifferences(
  traits: KernelTraits,
  dtype: Dtype,
  activation: Activation,
): Promise<Record<string, number>> {
  const lab = await openKernelLab(traits, dtype, activation);
  await compareLinear(lab);
  await compareAttention(lab);
  await compareArgmax(lab);
  await compareCandidates(lab);
  lab.device.destroy();
  return lab.seen;
}

async function compareLinear(lab: KernelLab): Promise<void> {
  const {
    config,
    b,
    dtype,
    factory,
    slot,
    tokens,
    xRow,
    device,
    vector,
    upload,
    make,
    matrix,
    read,
    run,
    compare,
    times,
  } = lab;
  const { C, A, I, V } = lab.d;
  const { activation } = config;

  // embed
  const table = await matrix(V, C, 201, 90);
  const places = new Matrix(device, 'places', 'f32', config.nCtx, C);
  const placeData = vector(config.nCtx * 90);
  const part = {
    name: '',
    rowOffset: 0,
    rows: config.nCtx,
    columns: 90,
    rowStride: 90,
    columnStride: 1,
    data: placeData,
  };
  await places.write(part, quantiser);
  const embedded = times(T, (t) =>
    Float32Array.from({ length: 90 }, (_, c) => table.rounded[tokens[t] * 90 + c] + placeData[(position + t) * 90 + c]),
  );
  compare('embed', await run(factory.embed(table.matrix, places, b.between), b.between), embedded, C);

  // norm
  const [gain, shift] = [vector(C, 90), vector(C, 90)];
  const normed = times(T, (t) => layerNorm(xRow(t), gain, shift, config.normEpsilon));
  const normOnly = make(Float32Array.of(...gain, ...shift));
  compare(
    'norm',
    await run([factory.norm(normOnly, { kind: 'norm', x: b.x, kept: b.normed }, b.normed)], b.normed),
    normed,
    C,
  );

  // up: norm and activation; head: plain and logits
  const up = await matrix(I, C, 130, 90);
  const upBias = vector(I, 130);
  const upParams = make(Float32Array.of(...gain, ...shift, ...upBias));
  const upLinear = { matrix: up.matrix, params: upParams, bias: 2 * C };
  const activated = (input: ArrayLike<number>): Float64Array =>
    linear(input, up.rounded, 130, upBias).map((value) => activate(activation, value));
  upload(b.normed, new Float32Array(32 * C));
  compare(
    'matvec norm activation',
    await run(
      factory.matvec(upLinear, { kind: 'norm', x: b.x, kept: b.normed }, { kind: 'activation', y: b.inner }),
      b.inner,
    ),
    [activated(normed[row])],
    I,
  );
  compare('matvec writes the normalised row', new Float32Array(await read(b.normed)), [normed[row]], C);
  compare(
    'matmul activation',
    await run(factory.matmul(upLinear, b.x, { kind: 'activation', y: b.inner }), b.inner),
    times(T, (t) => activated(xRow(t))),
    I,
  );
  const headBias = vector(V, 201);
  const logits = linear(xRow(row), table.rounded, 201, headBias);
  compare(
    'matvec plain logits',
    await run(
      factory.matvec(
        { matrix: table.matrix, params: make(headBias), bias: 0 },
        { kind: 'plain', x: b.x },
        { kind: 'logits', y: b.logits },
      ),
      b.logits,
    ),
    [logits],
    V,
  );

  // qkv: queries, and keys and values in the cache
  const qkv = await matrix(3 * A, C, 3 * A, 90);
  const qkvBias = vector(3 * A);
  const qkvLinear = { matrix: qkv.matrix, params: make(Float32Array.of(...gain, ...shift, ...qkvBias)), bias: 2 * C };
  const cache = slot.layers[0];
  const readCache = async (): Promise<Float32Array> => {
    const bytes = await read(cache.buffer);
    return kvValueBytes(dtype) === 4 ? new Float32Array(bytes) : Float32Array.from(new Uint16Array(bytes), fromHalf);
  };
  const projected = times(T, (t) => linear(xRow(t), qkv.rounded, 3 * A, qkvBias));
  for (const [name, drafts, count, first] of [
    ['matvec plain qkv', factory.matvec(qkvLinear, { kind: 'plain', x: b.x }, { kind: 'qkv', y: b.q, cache }), 1, row],
    ['matmul qkv', factory.matmul(qkvLinear, b.x, { kind: 'qkv', y: b.q, cache }), T, 0],
  ] as const) {
    const part = (from: number): Float64Array[] =>
      times(count, (t) => projected[first + t].slice(from * A, (from + 1) * A));
    compare(name, await run(drafts, b.q), part(0), A);
    const held = await readCache();
    compare(`${name}, cache`, held.subarray(position * A), part(1), A);
    compare(`${name}, cache`, held.subarray((config.nCtx + position) * A), part(2), A);
  }
}

/** A vocabulary that takes a workgroup several rounds, and ends within a group of four logits. */
const many = 6001;

/** The lower id among equals; padding, which is larger, is not looked at. The token that is chosen is embedded where the next stands. */
async function compareArgmax({
  b,
  d,
  config,
  mixers,
  factory,
  make,
  matrix,
  vector,
  run,
  read,
  seen,
  ...lab
}: KernelLab) {
  const table = await matrix(d.V, d.C, 201, 90);
  const places = new Matrix(lab.device, 'places', 'f32', config.nCtx, d.C);
  const data = vector(config.nCtx * 90);
  const part = { name: '', rowOffset: 0, rows: config.nCtx, columns: 90, rowStride: 90, columnStride: 1, data };
  await places.write(part, quantiser);
  for (const [V, winners] of [
    [201, [77, 130]],
    [many, [4500, 4097, 1029]],
    [many, [many - 1]],
  ] as const) {
    const values = new Float32Array(V === 201 ? d.V : many + 15).fill(9);
    values.fill(-1, 0, V);
    for (const id of winners) values[id] = 2;
    const draft = mixers.argmax(b);
    const logits = make(values);
    const sized = (one: StepDraft): StepDraft => ({
      ...one,
      kernel: { ...one.kernel, constants: { ...one.kernel.constants, V } },
    });
    const steps = [
      sized({ ...draft, buffers: { ...draft.buffers, logits } }),
      sized(factory.choose(table.matrix, places, b, b.between)),
    ];
    const embedded = await run(steps, b.between);
    const wanted = Math.min(...winners);
    const right =
      new Uint32Array(await read(b.chosen))[0] === wanted && new Uint32Array(await read(b.run))[4] === wanted;
    seen.argmax = Math.max(seen.argmax ?? 0, right ? 0 : Number.POSITIVE_INFINITY);
    if (wanted < 201) {
      const row = Float32Array.from(
        { length: 90 },
        (_, c) => table.rounded[wanted * 90 + c] + data[(position + 1) * 90 + c],
      );
      lab.compare('choose embeds', embedded, [row], d.C);
    }
    lab.uploadRun(T);
  }
}

/**
 * Equal logits in all numbers: the lowest ids of those that tie for the last places are taken, and where they are more than can be
 * listed, that is said.
 */
async function compareCandidates({ b, mixers, vector, make, run, read, seen }: KernelLab): Promise<void> {
  const note = (right: boolean, difference = 0): void => {
    seen.candidates = Math.max(seen.candidates ?? 0, right ? difference : Number.POSITIVE_INFINITY);
  };
  for (const V of [201, many]) {
    const random = vector(V);
    const ordered = Array.from(random, (value, id) => (id % (V === many ? 97 : 3) === 0 ? 0.5 : value));
    const all = [ordered, ordered.map((value) => value * 1e-3 - 130), ordered.map((value) => Math.round(value * 2))];
    for (const [which, values] of [...all, ordered.map(() => -1)].entries()) {
      const data = new Float32Array(Math.ceil(V / 32) * 32).fill(9); // padding, which is not to be looked at
      data.set(values);
      const logits = make(data);
      const drafts = mixers.candidates(b).map((draft) => ({
        ...draft,
        kernel: { ...draft.kernel, constants: { ...draft.kernel.constants, V, COUNT: 90 } },
        buffers: { ...draft.buffers, ...('logits' in draft.buffers && { logits }) },
      }));
      // A driver may leave anything between runs.
      await run(drafts, b.found);
      const found = readCandidates(await read(b.found));
      if (V === many && which === 3) {
        note(found === undefined);
        continue;
      }
      const wanted = Array.from({ length: V }, (_, id) => id).sort((x, y) => data[y] - data[x] || x - y);
      const most = data[wanted[0]];
      const sum = most + Math.log(data.subarray(0, V).reduce((total, value) => total + Math.exp(value - most), 0));
      const { tokenIds = [], logits: values90 = [], logSumExp = Number.NaN } = found ?? {};
      const same = tokenIds.length === 90 && tokenIds.every((id, i) => id === wanted[i] && values90[i] === data[id]);
      note(same, Math.abs(logSumExp - sum) / Math.max(1, Math.abs(sum)));
    }
  }
}
