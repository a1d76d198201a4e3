import { GptletError } from '../errors/gptlet-error.ts';
import type { HeadConfig, ModelConfig } from '../model/config.ts';
import type { ModelFamily } from '../model/families/model-family.ts';
import { type TensorPart, type WeightShape, weightShapes } from '../model/tensor.ts';
import { weightTypes } from './element-types.ts';
import type { FileCursor } from './file-cursor.ts';
import type { StoredTensor, WeightFile } from './weight-file.ts';

/** Where one stored tensor goes. */
export interface PlannedTensor {
  readonly stored: StoredTensor;
  /** Canonical name. */
  readonly name: string;
  /** First row of the canonical tensor that it fills. */
  readonly rowOffset: number;
  readonly rows: number;
  readonly columns: number;
  /** The bytes hold (columns, rows). */
  readonly transposed: boolean;
  /** How its parts are read where `stored` does not hold the floats themselves. */
  readonly stream?: StreamTensor;
}

/** Reads a tensor in parts, into `memory` that each part overwrites; says how far in the file it is. */
export type StreamTensor = (
  cursor: FileCursor,
  planned: PlannedTensor,
  memory: { bytes(count: number): Uint8Array },
  onPosition: (position: number) => void,
) => AsyncIterable<TensorPart>;

/** The tensors to read of one file, in the file's order. */
export interface FilePlan {
  readonly weightFile: WeightFile;
  readonly tensors: readonly PlannedTensor[];
}

/**
 * Matches what the files hold with what the model needs, before any weight is read.
 *
 * @throws GptletError BAD_CHECKPOINT naming tensors that are missing, unknown, there twice, of another
 *   shape than config.json says, or of a type that is no weight's.
 */
export function planTensors(config: ModelConfig, family: ModelFamily, files: readonly WeightFile[]): FilePlan[] {
  const shapes = new Map(weightShapes(config).map((shape) => [shape.name, shape]));
  const matched = files.map((weightFile) => ({ weightFile, matches: matchNames(weightFile, config, family, shapes) }));
  const transposedBlocks = storesInputsFirst(
    config,
    family,
    matched.flatMap(({ matches }) => matches),
  );
  const filledBy = new Map<string, string>();
  const plans = matched.map(({ weightFile, matches }) => ({
    weightFile,
    tensors: matches.map((match) => {
      const { stored, shape, third } = match;
      const place = `${shape.name} ${third}`;
      const other = filledBy.get(place);
      if (other !== undefined)
        throw bad(weightFile, `holds '${stored.name}', but '${other}' already gives the same weight`);
      filledBy.set(place, stored.name);
      return planOne(weightFile, match, transposedBlocks);
    }),
  }));
  checkComplete(plans, shapes);
  return plans;
}

/** Where a stored tensor belongs: the canonical name, and which third where it is one of the joint query-key-value weight. */
interface Target {
  readonly name: string;
  readonly third?: 0 | 1 | 2;
}

interface Match extends Pick<Target, 'third'> {
  readonly stored: StoredTensor;
  readonly shape: WeightShape;
}

function matchNames(
  weightFile: WeightFile,
  config: ModelConfig,
  family: ModelFamily,
  shapes: ReadonlyMap<string, WeightShape>,
): Match[] {
  const matches: Match[] = [];
  const unknown: string[] = [];
  for (const stored of weightFile.tensors) {
    const target = findTarget(stored.name, family, config);
    if (target === 'ignored') continue;
    const shape = target && shapes.get(target.name);
    if (shape) matches.push({ stored, shape, third: target.third });
    else unknown.push(stored.name);
  }
  if (unknown.length > 0) {
    throw bad(
      weightFile,
      `holds ${listed(unknown)}, which a model of config.json's kind does not have (model_type ${family.modelType}, ${config.nLayer} layers, ` +
        `${config.head ? `a ${config.head.kind} head` : 'no head besides the language model'}). Check that config.json and the weights belong together`,
    );
  }
  return matches;
}

function findTarget(storedName: string, family: ModelFamily, config: ModelConfig): Target | 'ignored' | undefined {
  const { model, block, ignored, ignoredInBlock } = family.tensorNames;
  const name = storedName.replace(/^transformer\./, '');
  if (name === 'lm_head.weight') return config.tiedHead ? 'ignored' : { name: 'head.weight' };
  if (ignored.includes(name)) return 'ignored';
  if (Object.hasOwn(model, name)) return { name: model[name] };
  const [, layer, rest = name] = /^h\.(0|[1-9]\d{0,3})\.(.+)$/.exec(name) ?? [];
  const [, module = '', kind] = /^(.+)\.(weight|bias)$/.exec(rest) ?? [];
  if (layer === undefined)
    return config.head && module === headModules[config.head.kind] ? { name: `score.${kind}` } : undefined;
  if (Number(layer) >= config.nLayer) return undefined;
  if (ignoredInBlock.includes(rest)) return 'ignored';
  const target = Object.hasOwn(block, module) ? block[module] : undefined;
  // A third of the joint weight; of its bias no family keeps thirds.
  if (typeof target === 'number')
    return kind === 'weight' ? { name: `blocks.${layer}.attention.qkv.weight`, third: target } : undefined;
  return target === undefined ? undefined : { name: `blocks.${layer}.${target}.${kind}` };
}

/** Where the checkpoint has the linear layer of a head. */
const headModules: Readonly<Record<HeadConfig['kind'], string>> = {
  'sequence-classification': 'score',
  'token-classification': 'classifier',
  'multiple-choice': 'multiple_choice_head.summary',
};

/**
 * Conv1D checkpoints store a block's matrices (inputs, outputs). Re-implementations keep the names and
 * store nn.Linear's (outputs, inputs); the joint weight, never square, tells which it is for all.
 */
function storesInputsFirst(config: ModelConfig, family: ModelFamily, matches: readonly Match[]): boolean {
  if (!family.tensorNames.conv1d) return false;
  const joint = matches.find(({ shape }) => shape.name === 'blocks.0.attention.qkv.weight')?.stored.shape;
  return !(joint?.length === 2 && joint[0] === 3 * config.nEmbd && joint[1] === config.nEmbd);
}

function planOne(weightFile: WeightFile, { stored, shape, third }: Match, transposedBlocks: boolean): PlannedTensor {
  if (!weightTypes.includes(stored.type)) {
    throw bad(
      weightFile,
      `holds '${stored.name}' as ${stored.type}; gptlet reads ${weightTypes.join(', ')}. Convert the weights`,
    );
  }
  const rows = third === undefined ? shape.rows : shape.rows / 3;
  const { columns } = shape;
  const transposed = transposedBlocks && !shape.isVector && shape.name.startsWith('blocks.');
  const expected = shape.isVector ? [columns] : transposed ? [columns, rows] : [rows, columns];
  if (stored.shape.length !== expected.length || stored.shape.some((size, axis) => size !== expected[axis])) {
    throw bad(
      weightFile,
      `holds '${stored.name}' of shape [${stored.shape.join(', ')}], but config.json asks for [${expected.join(', ')}]. Check that they belong together`,
    );
  }
  return {
    stored,
    name: shape.name,
    rowOffset: (third ?? 0) * rows,
    rows,
    columns,
    transposed: transposed !== (stored.transposed ?? false),
  };
}

function checkComplete(plans: readonly FilePlan[], shapes: ReadonlyMap<string, WeightShape>): void {
  const filledRows = new Map<string, number>();
  for (const { name, rows } of plans.flatMap(({ tensors }) => tensors))
    filledRows.set(name, (filledRows.get(name) ?? 0) + rows);
  const missing = [...shapes.values()]
    .filter(({ name, rows, optional }) => (filledRows.get(name) ?? (optional ? rows : 0)) < rows)
    .map(({ name }) => name);
  if (missing.length === 0) return;
  const untied = missing.includes('head.weight')
    ? " config.json says that the head is not tied to the embedding (tie_word_embeddings), so 'lm_head.weight' is needed."
    : '';
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${plans.map(({ weightFile }) => weightFile.file.location).join(', ')}: no tensor gives ${listed(missing)}.${untied} Check that all weight files are there and belong to config.json.`,
  );
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => `'${name.slice(0, 100)}'`)
    .join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');

const bad = (weightFile: WeightFile, what: string): GptletError =>
  new GptletError('BAD_CHECKPOINT', `${weightFile.file.location} ${what}.`);
