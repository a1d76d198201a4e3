import { Buffers } from '../../sdk/backends/webgpu/buffers.ts';
import { cacheLayout } from '../../sdk/backends/webgpu/cache-layout.ts';
import { planDimensions } from '../../sdk/backends/webgpu/dimensions.ts';
import { encodePass } from '../../sdk/backends/webgpu/encode-pass.ts';
import { FamilyKernels } from '../../sdk/backends/webgpu/family-kernels.ts';
import { GpuDevice } from '../../sdk/backends/webgpu/gpu-device.ts';
import { importRareShaders } from '../../sdk/backends/webgpu/import-rare-shaders.ts';
import { KernelFactory, type KernelTraits } from '../../sdk/backends/webgpu/kernel-factory.ts';
import type { StepDraft } from '../../sdk/backends/webgpu/kernels.ts';
import { kernelsOf } from '../../sdk/backends/webgpu/kernels-of.ts';
import { KvSlot } from '../../sdk/backends/webgpu/kv-slot.ts';
import { Matrix } from '../../sdk/backends/webgpu/matrix.ts';
import { MixerKernels } from '../../sdk/backends/webgpu/mixer-kernels.ts';
import type { Activation, ModelConfig } from '../../sdk/model/config.ts';
import type { Dtype } from '../../sdk/model/dtype.ts';
import { makeConfig, quantiser, randomNumbers, roundRows } from './random-model.ts';

/** Tokens of the batch, where they stand, and the row that matrix-vector kernels read. */
export const [T, position, row] = [5, 11, 3];

type Values = Float32Array<ArrayBuffer>;

/**
 * A small model's buffers with random numbers in them, single kernels to run on them, and the largest absolute
 * differences seen so far. Outputs are poisoned with NaN before every run.
 */
export async function openKernelLab(
  traits: KernelTraits,
  dtype: Dtype,
  activation: Activation,
  changes: Partial<ModelConfig> = {},
) {
  const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter;
  const device = await adapter.requestDevice({ requiredFeatures: traits.subgroups ? ['subgroups'] : [] });
  const config = makeConfig({
    nEmbd: 90,
    nHead: 5,
    nInner: 130,
    nCtx: 40,
    vocabSize: 201,
    activation,
    normEpsilon: 1e-3,
    attentionWindow: [0, 7],
    attentionScale: [0.2, 0.3],
    ...changes,
  });
  const d = planDimensions(config);
  const { C } = d;
  const splits = traits.software ? 1 : 3;
  const b = new Buffers(device, config, d, 32, splits);
  const kernels = kernelsOf(device);
  const setting = { config, dimensions: d, dtype, traits, run: b.run };
  const [factory, mixers] = [new KernelFactory(setting), new MixerKernels(setting)];
  const gpu = new GpuDevice(device, adapter, {});
  const slot = new KvSlot(gpu, cacheLayout(config, d, dtype, 32));
  const random = randomNumbers(Date.now() % 1e9);
  const seen: Record<string, number> = {};

  const vector = (n: number, used = n, scale = 1): Values =>
    Float32Array.from({ length: n }, (_, i) => (i < used ? random() * scale : 0));
  /** Rows of a padded width whose padding is zero, as all kernels leave it. */
  const rows = (count: number, width: number, used: number): Values => {
    const data = new Float32Array(count * width);
    for (let r = 0; r < count; r++) data.set(vector(used), r * width);
    return data;
  };
  const upload = (buffer: GPUBuffer, data: Values | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): void =>
    device.queue.writeBuffer(buffer, 0, data);
  const make = (data: Values): GPUBuffer => {
    const buffer = b.make('test', data.byteLength);
    upload(buffer, data);
    return buffer;
  };
  const matrix = async (
    N: number,
    K: number,
    usedN: number,
    usedK: number,
  ): Promise<{ matrix: Matrix; rounded: Float32Array }> => {
    const data = vector(usedN * usedK, usedN * usedK, 0.3);
    const made = new Matrix(device, 'test', dtype, N, K);
    const part = { name: '', rowOffset: 0, rows: usedN, columns: usedK, rowStride: usedK, columnStride: 1, data };
    await made.write(part, quantiser);
    return { matrix: made, rounded: await roundRows(data, usedK, dtype) };
  };
  const read = async (buffer: GPUBuffer): Promise<ArrayBuffer> => {
    const staging = device.createBuffer({
      size: buffer.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0);
  };
  const run = async (drafts: readonly StepDraft[], output: GPUBuffer): Promise<Float32Array> => {
    upload(output, new Uint32Array(output.size / 4).fill(0x7fc00000));
    await kernels.compile(
      drafts.map(({ kernel }) => kernel),
      importRareShaders,
    );
    const encoder = device.createCommandEncoder();
    encodePass(
      encoder,
      T,
      drafts.map((draft) => kernels.step(draft)),
    );
    device.queue.submit([encoder.finish()]);
    return new Float32Array(await read(output));
  };
  /** Compares rows of `width` used values, `stride` apart. */
  const compare = (name: string, found: Float32Array, wanted: ArrayLike<number>[], stride: number): void => {
    let most = seen[name] ?? 0;
    wanted.forEach((values, r) => {
      for (let i = 0; i < values.length; i++) {
        const difference = Math.abs(found[r * stride + i] - values[i]);
        most = difference <= most ? most : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      }
    });
    seen[name] = most;
  };
  /** What later families need, for a config that differs in some values, on the same buffers. */
  const changed = (changes: Partial<ModelConfig>): FamilyKernels => {
    const other = { ...setting, config: { ...config, ...changes } };
    return new FamilyKernels(other);
  };
  const times = <R>(count: number, one: (t: number) => R): R[] => Array.from({ length: count }, (_, t) => one(t));

  const tokens = Uint32Array.from({ length: T }, () => Math.floor(((random() + 1) / 2) * config.vocabSize));
  const uploadRun = (count: number): void =>
    upload(
      b.run,
      Uint32Array.of(position, count, row * Number(count > 1), 0, ...Array.from(tokens, (id) => [id, 0]).flat()),
    );
  uploadRun(T);
  const x = rows(32, C, 90);
  const xRow = (t: number): Float32Array => x.subarray(t * C, t * C + 90);
  upload(b.x, x);

  return {
    config,
    b,
    d,
    splits,
    dtype,
    factory,
    mixers,
    gpu,
    changed,
    slot,
    seen,
    tokens,
    x,
    xRow,
    device,
    vector,
    rows,
    upload,
    uploadRun,
    make,
    matrix,
    read,
    run,
    compare,
    times,
  };
}

/** See {@link openKernelLab}. */
export type KernelLab = Awaited<ReturnType<typeof openKernelLab>>;
