import { gpuOf, releaseDevice, requestDevice } from '../../backends/webgpu/acquire-device.ts';
import type { DeviceOptions, GpuDevice } from '../../backends/webgpu/gpu-device.ts';
import { Readback } from '../../backends/webgpu/readback.ts';
import { type LoadQuantiser, rowQuantiser } from '../../quantising/row-quantiser.ts';
import type { CreateExecutor, Executor } from '../executor.ts';
import type { Phase, RunParameters, TrainingPlan } from '../plan.ts';
import type { Rows } from '../step.ts';
import type { DispatchDraft } from './dispatch-draft.ts';
import { draftStep } from './draft-step.ts';
import { PlanMemory } from './plan-memory.ts';
import { type Dispatch, type Prepared, prepareDispatches } from './prepare-dispatches.ts';
import { gradientShaders } from './shaders.gen.ts';
import { membersOf, packStruct, structBytes } from './structs.ts';

/** What the executor is put together with, and what tests and benchmarks set besides. */
export interface WebGpuExecutorParts extends Pick<DeviceOptions, 'gpu' | 'software'> {
  /** For matrices in q8 or q4 that come in floats. */
  readonly loadQuantiser: LoadQuantiser;
}

/** Values brought to the CPU at a time, where a whole buffer is read. */
const mostRead = 2 ** 22;

/**
 * Makes executors that run plans on a GPU: memory, pipelines and bind groups are made once, and a run is one command buffer.
 *
 * They throw GptletError UNSUPPORTED_PLATFORM without WebGPU, OUT_OF_MEMORY where the plan does not fit, DEVICE_LOST from any call once the
 * device is gone: a new executor then has to be made, of what was saved last.
 */
export const webGpuExecutor =
  (parts: WebGpuExecutorParts): CreateExecutor =>
  async (plan) => {
    // A device of its own: a plan asks more of one than models that share theirs.
    const gpu = await requestDevice(gpuOf(parts), parts, largestBuffer(plan));
    gpu.users = 1;
    try {
      const memory = await gpu.allocate(planBytes(plan), 'the training', () => new PlanMemory(gpu, plan));
      const { drafts, ranges } = draftPhases(plan, memory);
      const run = gpu.device.createBuffer({
        label: 'run',
        size: structBytes(runMembers),
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      const prepared = await prepareDispatches(gpu.device, drafts, run);
      await gpu.idle();
      return new WebGpuExecutor(gpu, memory, prepared, ranges, run, parts.loadQuantiser);
    } catch (error) {
      releaseDevice(gpu);
      throw error;
    }
  };

class WebGpuExecutor implements Executor {
  readonly backend = 'webgpu';
  readonly #gpu: GpuDevice;
  readonly #memory: PlanMemory;
  readonly #prepared: Prepared;
  readonly #phases: Readonly<Record<Phase, readonly Dispatch[]>>;
  readonly #run: GPUBuffer;
  readonly #loadQuantiser: LoadQuantiser;
  readonly #readback: Readback;
  readonly #words: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(structBytes(runMembers)));

  constructor(
    gpu: GpuDevice,
    memory: PlanMemory,
    prepared: Prepared,
    ranges: PhaseRanges,
    run: GPUBuffer,
    loadQuantiser: LoadQuantiser,
  ) {
    this.#gpu = gpu;
    this.#memory = memory;
    this.#prepared = prepared;
    const dispatchesOf = (phase: Phase): Dispatch[] => prepared.dispatches.slice(...ranges[phase]);
    this.#phases = {
      clear: dispatchesOf('clear'),
      gradients: dispatchesOf('gradients'),
      forward: dispatchesOf('forward'),
      update: dispatchesOf('update'),
    };
    this.#run = run;
    this.#loadQuantiser = loadQuantiser;
    this.#readback = new Readback(gpu, 64);
  }

  get bytes(): number {
    return this.#memory.bytes;
  }

  async setTensor(part: Parameters<Executor['setTensor']>[0]): Promise<void> {
    this.#gpu.check();
    await this.#memory.setTensor(part, () => rowQuantiser(this.#loadQuantiser));
  }

  write(buffer: string, values: Float32Array | Int32Array | Uint32Array, offset = 0): void {
    this.#gpu.check();
    // Never shared memory: whoever writes made the array.
    this.#gpu.device.queue.writeBuffer(this.#memory.buffer(buffer), 4 * offset, values as Float32Array<ArrayBuffer>);
  }

  async read(buffer: string, offset: number, length: number): Promise<Float32Array> {
    this.#gpu.check();
    const source = this.#memory.buffer(buffer);
    const values = new Float32Array(length);
    for (let at = 0; at < length; at += mostRead) {
      const count = Math.min(mostRead, length - at);
      this.#readback.reserve(4 * count);
      const encoder = this.#gpu.device.createCommandEncoder();
      this.#readback.copy(encoder, source, 4 * count, 4 * (offset + at));
      this.#gpu.device.queue.submit([encoder.finish()]);
      await this.#readback.take((bytes) => values.set(new Float32Array(bytes), at));
    }
    return values;
  }

  async run(phases: readonly Phase[], parameters: RunParameters): Promise<void> {
    const { device } = this.#gpu;
    this.#gpu.check();
    packStruct(runMembers, (name) => parameters[name as keyof RunParameters], this.#words);
    device.queue.writeBuffer(this.#run, 0, this.#words.buffer);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const phase of phases) {
      for (const { pipeline, bindGroup, rows, size } of this.#phases[phase]) {
        const [x, y] = size(rows ? rowsIn(rows, parameters) : 0);
        if (x * y === 0) continue;
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(x, y);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#memory.destroy();
    for (const buffer of [...this.#prepared.buffers, this.#run]) buffer.destroy();
    this.#readback.destroy();
    releaseDevice(this.#gpu);
  }
}

const runMembers = membersOf(gradientShaders['parts/run'], 'Run');

/** From and to which dispatch a phase goes. */
type PhaseRanges = Readonly<Record<Phase, readonly [number, number]>>;

function draftPhases(plan: TrainingPlan, memory: PlanMemory): { drafts: DispatchDraft[]; ranges: PhaseRanges } {
  const drafts: DispatchDraft[] = [];
  const add = (phase: Phase): readonly [number, number] => {
    const from = drafts.length;
    for (const step of plan.phases[phase]) drafts.push(...draftStep(step, memory));
    return [from, drafts.length];
  };
  return {
    drafts,
    ranges: { clear: add('clear'), gradients: add('gradients'), forward: add('forward'), update: add('update') },
  };
}

/** How many rows a step does in a run. */
function rowsIn({ of, first, most }: Rows, { tokens, outputs }: RunParameters): number {
  if (of === 'fixed') return most;
  return Math.max(0, Math.min((of === 'tokens' ? tokens : outputs) - first, most));
}

const matrixBytes = (plan: TrainingPlan): number[] =>
  plan.matrices.map((spec) => (spec.dtype === 'f32' ? 0 : spec.rows * spec.K * (spec.dtype === 'q8' ? 1 : 0.5)));

const largestBuffer = (plan: TrainingPlan): number =>
  Math.max(...plan.buffers.map(({ length }) => 4 * length), ...matrixBytes(plan));

const planBytes = (plan: TrainingPlan): number =>
  plan.buffers.reduce((sum, { length }) => sum + 4 * length, 0) +
  matrixBytes(plan).reduce((sum, bytes) => sum + bytes, 0);
