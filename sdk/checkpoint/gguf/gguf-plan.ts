import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { QuantisedDtype } from '../../model/dtype.ts';
import type { RowRun } from '../../model/families/model-family.ts';
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
    const heads = neighbouringPairs && /\.attn_[qk]\./.test(tensor.name) ? count / config.headSize : 0;
    const runs = heads > 0 ? pairedRuns(heads, config.headSize) : undefined;
    const place = { stored: tensor, name: shape.name, transposed: false } as const;
    if (shape.isVector) {
      if (!isFloats(tensor)) throw bad(`holds '${tensor.name}' as ${tensor.type}`);
      const vector = (runs || count < shape.columns) && { first: rowOffset, size: shape.columns };
      return { ...place, rowOffset: 0, rows: 1, columns: count, ...(vector && { vector, runs }) };
    }
    const rows = { ...place, rowOffset, rows: count, columns: shape.columns };
    if (isFloats(tensor)) return { ...rows, ...(runs && { runs }) };
    const head = heads > 0 ? config.headSize : undefined;
    return { ...rows, unpacked: { type: typeNumber(tensor.type), integers: integersOf[tensor.type], head } };
  }
}

const isFloats = ({ type }: StoredTensor): boolean => weightTypes.includes(type);

/** Rows 2 i and 2 i + 1 of a head become rows i and i + size / 2. */
const pairedRuns = (heads: number, size: number): RowRun[] =>
  Array.from({ length: 2 * heads }, (_, i) => {
    const [start, odd] = [Math.floor(i / 2) * size, i % 2];
    return { from: start + odd, step: 2, count: size / 2, to: start + (odd * size) / 2 };
  });

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
