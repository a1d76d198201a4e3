import { loraNames } from '../../model/adapter.ts';
import { type WeightShape, weightShapes } from '../../model/weight-shapes.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import type { MatrixSpec, ParameterSpec, TrainingPlan } from '../plan.ts';
import type { Vector, View } from '../step.ts';
import type { PlanOptions } from './plan-options.ts';
import type { PlannedMemory } from './planned-memory.ts';
import { rotaryShapes } from './rotary-tables.ts';

/** Where the weights of a plan stand: trained ones in `parameters`, others in buffers that stay, or quantised. */
export class PlannedWeights {
  readonly parameters: readonly ParameterSpec[];
  readonly frozen: readonly TrainingPlan['frozen'][number][];
  readonly matrices: readonly MatrixSpec[];
  /** Values of the buffer `parameters`; weight decay applies to those below `decayed`. */
  readonly parameterCount: number;
  readonly decayed: number;

  constructor(options: PlanOptions, memory: PlannedMemory) {
    const shapes = usedShapes(options);
    const trained = shapes.filter(({ name }) => options.method.kind === 'full' || name.startsWith('score.'));
    const placed = placeParameters([...trained, ...loraShapes(options)]);
    this.parameters = placed.parameters;
    this.parameterCount = placed.end;
    this.decayed = placed.decayed;
    const frozen = placeFrozen(
      shapes.filter((shape) => !trained.includes(shape)),
      options.dtype,
      memory,
    );
    const tables = rotaryShapes(options.config, options.mostTokens);
    this.frozen = [
      ...frozen.frozen,
      ...tables.map(({ name, length }) => ({ name, ...memory.vector(name, length), length })),
    ];
    this.matrices = [...placed.matrices, ...frozen.matrices];
  }

  has(name: string): boolean {
    return [...this.parameters, ...this.frozen, ...this.matrices].some((each) => each.name === name);
  }

  /** Whether gradients are made for it. */
  learns(name: string): boolean {
    return this.parameters.some((each) => each.name === name);
  }

  /** Of a weight that is not quantised. */
  vector(name: string): Vector {
    const parameter = this.parameters.find((each) => each.name === name);
    if (parameter) return { buffer: 'parameters', offset: parameter.offset };
    const frozen = this.frozen.find((each) => each.name === name);
    if (!frozen) throw new Error(`the plan has no weight ${name}`);
    return { buffer: frozen.buffer, offset: frozen.offset };
  }

  /** Of a bias that may be there. */
  bias(name: string): Vector | undefined {
    return this.has(name) ? this.vector(name) : undefined;
  }

  /** Where the gradient of a weight is added up, if it is trained. */
  gradient(name: string): View | undefined {
    const parameter = this.parameters.find((each) => each.name === name);
    return parameter && { buffer: 'gradients', offset: parameter.offset, stride: parameter.columns };
  }
}

/** Those that a step reads: the heads only where a loss stands on them. */
function usedShapes({ config, headKind, language }: PlanOptions): WeightShape[] {
  return weightShapes(config).filter(({ name }) => {
    if (name.startsWith('score.')) return headKind !== undefined;
    return language || !name.startsWith('head.');
  });
}

type Placed = Pick<WeightShape, 'name' | 'rows' | 'columns' | 'isVector'>;

function loraShapes({ method }: PlanOptions): Placed[] {
  if (method.kind !== 'lora') return [];
  return method.slots.flatMap((slot) => {
    const { a, b } = loraNames(slot);
    return [
      { name: a, rows: method.rank, columns: slot.inputs, isVector: false },
      { name: b, rows: slot.outputs, columns: method.rank, isVector: false },
    ];
  });
}

/** Every tensor begins at a whole vector of four values. */
const aligned = (length: number): number => Math.ceil(length / 4) * 4;

/** Matrices first, so that what decays is one range of the buffer. */
function placeParameters(shapes: readonly Placed[]) {
  let end = 0;
  const place = ({ name, rows, columns, isVector }: Placed): ParameterSpec => {
    const offset = end;
    end += aligned(rows * columns);
    return { name, rows, columns, offset, decayed: !isVector };
  };
  const decayedOnes = shapes.filter(({ isVector }) => !isVector).map(place);
  const decayed = end;
  const parameters = [...decayedOnes, ...shapes.filter(({ isVector }) => isVector).map(place)];
  const matrices = decayedOnes.map(
    ({ name, rows, columns, offset }): MatrixSpec => ({
      name,
      rows,
      columns,
      dtype: 'f32',
      buffer: 'parameters',
      offset,
    }),
  );
  return { parameters, matrices, decayed, end };
}

/** Vectors and what is small together in one buffer, each matrix by itself: a model's may be more than one buffer can hold. */
function placeFrozen(shapes: readonly WeightShape[], dtype: PlanOptions['dtype'], memory: PlannedMemory) {
  const frozen: TrainingPlan['frozen'][number][] = [];
  const matrices: MatrixSpec[] = [];
  let end = 0;
  for (const { name, rows, columns, isExact } of shapes) {
    const length = rows * columns;
    if (isExact) {
      frozen.push({ name, buffer: 'frozen', offset: end, length });
      end += aligned(length);
    } else if (dtype === 'f32') {
      frozen.push({ name, ...memory.vector(name, length), length });
      matrices.push({ name, rows, columns, dtype, ...memory.vector(name, length) });
    } else {
      const group = quantisedGroup(dtype, columns);
      matrices.push({ name, rows, columns, dtype, group, K: Math.ceil(columns / group) * group });
    }
  }
  if (end > 0) memory.vector('frozen', end);
  return { frozen, matrices };
}
