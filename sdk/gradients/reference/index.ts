import type { TensorPart } from '../../model/tensor.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { quantisePart } from '../../quantising/quantise-part.ts';
import { dequantise } from '../../quantising/quantised-rows.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import type { CreateExecutor, Executor } from '../executor.ts';
import type { MatrixSpec, TrainingPlan } from '../plan.ts';
import type { ReferenceMemory } from './memory.ts';
import { runStep } from './run-step.ts';

/** Runs plans slowly, in double precision. Tests compare the real executors with it; no build ships it. */
export const createReferenceExecutor: CreateExecutor = async (plan): Promise<Executor> => openReference(plan);

/** The same, with its memory in sight. */
export function openReference(plan: TrainingPlan): Executor & { readonly memory: ReferenceMemory } {
  const memory = createReferenceMemory(plan);
  let bytes = 0;
  for (const buffer of memory.buffers.values()) bytes += buffer.byteLength;
  return {
    memory,
    backend: 'wasm', // the type knows two; tests do not look
    bytes,
    setTensor: (part) => setTensor(plan, memory, part),
    write: (name, values, offset = 0) => {
      const buffer = memory.buffers.get(name);
      if (!buffer) throw new Error(`the plan has no buffer ${name}`);
      buffer.set(values, offset);
    },
    read: async (name, offset, length) => {
      const buffer = memory.buffers.get(name);
      if (!buffer) throw new Error(`the plan has no buffer ${name}`);
      return Float32Array.from(buffer.subarray(offset, offset + length));
    },
    run: async (phases, parameters) => {
      for (const phase of phases) for (const step of plan.phases[phase]) runStep(step, memory, parameters);
    },
    dispose: () => {},
  };
}

/** A plan's buffers and matrices, all 0. A matrix that stands in a buffer shares its values. */
export function createReferenceMemory({
  buffers,
  matrices,
}: Pick<TrainingPlan, 'buffers' | 'matrices'>): ReferenceMemory {
  const made = new Map(buffers.map(({ name, length }) => [name, new Float64Array(length)]));
  const matrix = (spec: MatrixSpec) => {
    const length = spec.rows * spec.columns;
    return spec.dtype === 'f32'
      ? made.get(spec.buffer)!.subarray(spec.offset, spec.offset + length)
      : new Float64Array(length);
  };
  return { buffers: made, matrices: new Map(matrices.map((spec) => [spec.name, matrix(spec)])) };
}

async function setTensor(plan: TrainingPlan, memory: ReferenceMemory, part: TensorPart): Promise<void> {
  const at = part.rowOffset * part.columns;
  const parameter = plan.parameters.find(({ name }) => name === part.name);
  const frozen = plan.frozen.find(({ name }) => name === part.name);
  const matrix = plan.matrices.find(({ name, dtype }) => name === part.name && dtype !== 'f32');
  const values = rowsOfPart(part);
  if (parameter) memory.buffers.get('parameters')!.set(values, parameter.offset + at);
  if (frozen) memory.buffers.get(frozen.buffer)!.set(values, frozen.offset + at);
  if (matrix) memory.matrices.get(matrix.name)!.set(await quantised(part, matrix), at);
}

/** A part's values as a quantised matrix has them. */
async function quantised(part: TensorPart, matrix: MatrixSpec): Promise<Float32Array> {
  if (matrix.dtype === 'f32') throw new Error(`${matrix.name} is not quantised`);
  if (part.quantised?.dtype === matrix.dtype) return dequantise(part.quantised, part.rows, part.columns);
  const quantise = await rowQuantiser(importQuantiser);
  const values = new Float32Array(part.rows * part.columns);
  quantisePart(part, 0, part.rows, matrix, quantise, (made, at, n) =>
    values.set(dequantise(made, n, part.columns), at * part.columns),
  );
  return values;
}

/** A part's values, row-major. */
const rowsOfPart = ({ rows, columns, rowStride, columnStride, data }: TensorPart): Float32Array =>
  Float32Array.from(
    { length: rows * columns },
    (_, i) => data[Math.floor(i / columns) * rowStride + (i % columns) * columnStride],
  );
