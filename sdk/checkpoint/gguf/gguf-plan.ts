import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { QuantisedDtype } from '../../model/dtype.ts';
import { type WeightShape, weightShapes } from '../../model/weight-shapes.ts';
import { weightTypes } from '../element-types.ts';
import type { StoredTensor } from '../weight-file.ts';
import type { GgufTensor } from './gguf-contents.ts';
import { ggufNames, isNoWeight } from './tensor-names.ts';
import { typeNumber } from './tensor-types.ts';

/**
 * Matches what a file (or the parts of one) holds with what the model needs.
 *
 * @param neighbouringPairs whether rows of queries and keys are to be put so that rotary pairs are half a head apart
 * @throws GptletError BAD_CHECKPOINT naming tensors that are missing, unknown or of another shape than the metadata say
 */
export function planGguf(
  config: ModelConfig,
  tensors: readonly StoredTensor[],
  neighbouringPairs: boolean,
  location: string,
): GgufTensor[] {
  const bad = (what: string): GptletError =>
    new GptletError(
      'BAD_CHECKPOINT',
      `${location} ${what}. Check that the file is whole, and made for this kind of model.`,
    );
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const shapes = new Map(weightShapes(config).map((shape) => [shape.name, shape]));
  const plan = new Map<StoredTensor, GgufTensor>();
  const missing: string[] = [];
  for (const shape of shapes.values()) {
    const joined = joinedRows(shape, shapes);
    const ways = namesOf(shape.name).filter(({ length }) => length === 1 || length === joined?.length);
    const way = ways.find(([first]) => stored.has(first));
    if (!way) {
      if (!shape.biasOf) missing.push(ways[0][0]);
      continue;
    }
    const counts = way.length > 1 && joined ? joined : [shape.isVector ? shape.columns : shape.rows];
    let rowOffset = 0;
    for (const [part, name] of way.entries()) {
      const tensor = stored.get(name);
      if (!tensor) missing.push(name);
      else plan.set(tensor, placed(tensor, shape, rowOffset, counts[part]));
      rowOffset += counts[part];
    }
  }
  if (missing.length > 0) throw bad(`lacks ${listed(missing)}`);
  const unknown = tensors.filter((tensor) => !plan.has(tensor) && !isNoWeight(tensor.name)).map(({ name }) => name);
  if (unknown.length > 0) throw bad(`holds ${listed(unknown)}, which a model of its metadata does not have`);
  return [...plan.values()];

  function placed(tensor: StoredTensor, shape: WeightShape, rowOffset: number, count: number): GgufTensor {
    const expected = shape.isVector ? [count] : [count, shape.columns];
    if (tensor.shape.length !== expected.length || tensor.shape.some((size, axis) => size !== expected[axis])) {
      throw bad(
        `holds '${tensor.name}' of shape [${tensor.shape.join(', ')}], but its metadata ask for [${expected.join(', ')}]`,
      );
    }
    const place = { stored: tensor, name: shape.name, transposed: false } as const;
    const pairedRows = neighbouringPairs && /\.attn_[qk]\./.test(tensor.name) ? config.headSize : undefined;
    const isWhole = !shape.isVector || count === shape.columns;
    if (weightTypes.includes(tensor.type) && !pairedRows && isWhole) {
      return { ...place, rowOffset, rows: shape.isVector ? 1 : count, columns: shape.columns };
    }
    const unpacked = { type: typeNumber(tensor.type), pairedRows, integers: integersOf[tensor.type] };
    // A vector's values are the rows of the matrix that it belongs to, and move with them.
    return shape.isVector
      ? { ...place, rowOffset, rows: count, columns: 1, unpacked: { ...unpacked, vector: shape.columns } }
      : { ...place, rowOffset, rows: count, columns: shape.columns, unpacked };
  }
}

/** Types whose integers are ours as they are, but for their order. */
const integersOf: Readonly<Record<string, QuantisedDtype>> = { Q8_0: 'q8', Q4_0: 'q4' };

/** Rows of the tensors that are joined in a weight, or in the bias that belongs to one. */
function joinedRows({ name }: WeightShape, shapes: ReadonlyMap<string, WeightShape>): readonly number[] | undefined {
  return shapes.get(name.replace(/\.bias$/, '.weight'))?.joined;
}

function namesOf(name: string): string[][] {
  const [, block = '', module, kind = 'weight'] = /^(blocks\.\d+\.)?(.+?)(?:\.(weight|bias))?$/.exec(
    name,
  ) as RegExpExecArray;
  return ggufNames[module].map((way) => way.map((file) => `${block.replace('blocks', 'blk')}${file}.${kind}`));
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => `'${name.slice(0, 100)}'`)
    .join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
