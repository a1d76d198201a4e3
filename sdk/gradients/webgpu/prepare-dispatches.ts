import { storageBuffer } from '../../backends/webgpu/buffers.ts';
import { type CompiledKernel, compileKernel } from '../../backends/webgpu/compile-kernel.ts';
import { composeKernel } from '../../backends/webgpu/kernels.ts';
import type { Rows } from '../step.ts';
import type { DispatchDraft, Operand } from './dispatch-draft.ts';
import { joinOperands } from './join-operands.ts';
import { gradientShaders } from './shaders.gen.ts';
import { membersOf, packStruct, structBytes } from './structs.ts';

/** A dispatch made once and replayed. */
export interface Dispatch extends Pick<DispatchDraft, 'rows' | 'size'> {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
}

export interface Prepared {
  readonly dispatches: readonly Dispatch[];
  /** What all of them say of themselves, and a stand-in for operands that a step does without. */
  readonly buffers: readonly GPUBuffer[];
}

/** What WebGPU grants everywhere as the distance of uniform bindings in one buffer. */
const alignment = 256;

/**
 * Compiles the kernels, each once, and makes all that dispatches need.
 *
 * @param run the uniform of what changes from run to run
 * @throws GptletError UNSUPPORTED_PLATFORM where the driver does not compile a kernel.
 */
export async function prepareDispatches(
  device: GPUDevice,
  drafts: readonly DispatchDraft[],
  run: GPUBuffer,
): Promise<Prepared> {
  const codes = drafts.map((draft) => joinOperands(composeKernel(kernelOf(draft), gradientShaders), draft.operands));
  const kernels = new Map<string, CompiledKernel>();
  const compiling = new Map(codes.map((code, i) => [code, drafts[i].shader]));
  await Promise.all(
    [...compiling].map(async ([code, shader]) => {
      kernels.set(code, await compileKernel(device, `training, ${shader}`, code));
    }),
  );
  const tasks = device.createBuffer({
    label: 'tasks',
    size: Math.max(1, drafts.length) * alignment,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const nothing = storageBuffer(device, 'nothing', 16);
  const words = new ArrayBuffer(tasks.size);
  const dispatches = drafts.map((draft, i): Dispatch => {
    const { pipeline, layout, bindings } = kernels.get(codes[i]) as CompiledKernel;
    const members = membersOf(codes[i], 'Task');
    const size = structBytes(members);
    packStruct(members, (name) => taskMember(draft, name), new DataView(words, i * alignment, size));
    const resourceOf = (name: string): GPUBufferBinding => {
      if (name === 'run') return { buffer: run };
      if (name === 'task') return { buffer: tasks, offset: i * alignment, size };
      return { buffer: draft.operands[name]?.buffer ?? nothing };
    };
    const entries = bindings.map(({ name, binding }) => ({ binding, resource: resourceOf(name) }));
    const bindGroup = device.createBindGroup({ label: draft.shader, layout, entries });
    return { rows: draft.rows, size: draft.size, pipeline, bindGroup };
  });
  device.queue.writeBuffer(tasks, 0, words);
  return { dispatches, buffers: [tasks, nothing] };
}

const kernelOf = ({ shader, parts = [], constants = {}, rows }: DispatchDraft) => ({
  name: shader,
  parts: ['run', ...(rows ? ['rows'] : []), ...parts],
  constants,
});

const counted: readonly Rows['of'][] = ['fixed', 'tokens', 'outputs'];

/** A member of struct Task: of the rows, of an operand, or of the step's own. */
function taskMember({ rows, values, operands }: DispatchDraft, name: string): number | undefined {
  if (rows && name === 'counted') return counted.indexOf(rows.of);
  if (rows && (name === 'first' || name === 'most')) return rows[name];
  if (name in values) return Number(values[name]);
  const at = (operand: string): Operand | undefined => operands[operand];
  if (name.startsWith('has_')) return Number(at(name.slice(4)) !== undefined);
  if (name.endsWith('_at')) return at(name.slice(0, -3))?.offset ?? 0;
  if (name.endsWith('_stride')) return at(name.slice(0, -7))?.stride ?? 0;
  return undefined;
}
