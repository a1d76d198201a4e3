import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';
import type { FamilyFiles, RowRun } from '../model/families/model-family.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import type { FloatTensor } from './encode-safetensors.ts';
import { normWeights, plainNames } from './plain-names.ts';

/** The values of a weight by its canonical name, row-major. */
export type WeightOf = (name: string) => Float32Array;

/**
 * The weights of a model as the hub's classes name and store them: what `planTensors` reads, the other way round.
 *
 * @throws GptletError UNSUPPORTED_MODEL where one tensor of the files is two weights that are not alike
 */
export function hubTensors(config: ModelConfig, { tensorNames }: FamilyFiles, weightOf: WeightOf): FloatTensor[] {
  const tensors = new Map<string, FloatTensor & { readonly weight: string }>();
  for (const shape of weightShapes(config)) {
    const ofHead = /^(score|head)\./.test(shape.name);
    const plain = plainNames(shape.name, config, tensorNames);
    let first = 0;
    for (const [part, { name: plainName, module }] of plain.entries()) {
      const all = shape.isVector ? shape.columns : shape.rows;
      const count = plain.length > 1 ? (shape.joined?.[part] ?? all) : all;
      const name = ofHead ? plainName : tensorNames.body + plainName;
      const other = tensors.get(name);
      if (other) requireAlike(name, weightOf(other.weight), weightOf(shape.name));
      else {
        const stored: Stored = {
          transposed: tensorNames.conv1d && !shape.isVector && shape.name.startsWith('blocks.'),
          lessOne: tensorNames.normsFromOne === true && normWeights.test(shape.name),
          runs: tensorNames.rowRuns?.[module] ?? [{ from: 0, step: 1, count, to: 0 }],
        };
        tensors.set(name, { name, weight: shape.name, ...tensorOf(shape, first, count, stored, weightOf) });
      }
      first += count;
    }
  }
  return [...tensors.values()];
}

/** How a file holds what a weight has. */
interface Stored {
  readonly transposed: boolean;
  readonly lessOne: boolean;
  readonly runs: readonly RowRun[];
}

/** Rows `first` … of a weight, `count` of them; of a vector, its values. */
function tensorOf(
  { name, columns, isVector }: WeightShape,
  first: number,
  count: number,
  { transposed, lessOne, runs }: Stored,
  weightOf: WeightOf,
): Pick<FloatTensor, 'shape' | 'write'> {
  const width = isVector ? 1 : columns;
  // torch's Conv1d has an axis for the channels of a group, which is one channel here.
  const isKernel = name.endsWith('convolution.kernel.weight');
  const shape = isVector ? [count] : transposed ? [width, count] : isKernel ? [count, 1, width] : [count, width];
  const [rowStride, columnStride] = transposed ? [1, count] : [width, 1];
  return {
    shape,
    write: (into) => {
      const values = weightOf(name);
      for (const run of runs) {
        for (let i = 0; i < run.count; i++) {
          const source = (first + run.to + i) * width;
          const target = (run.from + i * run.step) * rowStride;
          for (let c = 0; c < width; c++) into[target + c * columnStride] = values[source + c] - (lessOne ? 1 : 0);
        }
      }
    },
  };
}

function requireAlike(name: string, a: Float32Array, b: Float32Array): void {
  if (a.every((value, i) => value === b[i])) return;
  throw new GptletError(
    'UNSUPPORTED_MODEL',
    `'${name}' is one tensor in files of this family, and two weights that are no longer alike here; train it with method 'lora'.`,
  );
}
