import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';
import type { FamilyFiles, RowRun } from '../model/families/model-family.ts';
import type { TensorPart } from '../model/tensor.ts';
import type { WeightShape } from '../model/weight-shapes.ts';
import { weightTypes } from './element-types.ts';
import type { FileCursor } from './file-cursor.ts';
import { FileNaming, type Place } from './file-naming.ts';
import { neededWeights } from './needed-weights.ts';
import { normWeights } from './plain-names.ts';
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
  /** Other weights that are the same. */
  readonly also?: readonly string[];
  /** Where rows go, counted from rowOffset, where not one after the other; of a vector, its values. */
  readonly runs?: readonly RowRun[];
  /** Of a vector that several tensors fill, or one in another order: the first value here, and how many there are in all. */
  readonly vector?: { readonly first: number; readonly size: number };
  /** Whether the file has values to which 1 is added. */
  readonly fromOne?: boolean;
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
 * @throws GptletError BAD_CHECKPOINT naming tensors, as the files do, that are missing, unknown, there twice, of another
 *   shape than config.json says, or of a type that is no weight's.
 */
export function planTensors(config: ModelConfig, family: FamilyFiles, files: readonly WeightFile[]): FilePlan[] {
  const naming = new FileNaming(config, family, files);
  const stored = new Map<string, StoredTensor>();
  for (const weightFile of files) {
    const unknown: string[] = [];
    for (const tensor of weightFile.tensors) {
      const name = naming.plain(tensor.name);
      if (naming.ignores(name)) continue;
      if (!naming.places.has(name)) unknown.push(tensor.name);
      const other = stored.get(name);
      if (other) throw bad(weightFile, `holds '${tensor.name}', but '${other.name}' already gives the same weight`);
      stored.set(name, tensor);
    }
    if (unknown.length > 0) {
      throw bad(
        weightFile,
        `holds ${listed(unknown)}, which a model of config.json's kind does not have (model_type ${family.modelType}, ${config.nLayer} layers, ` +
          `${config.head ? `a ${config.head.kind} head` : 'no head besides the language model'}). Check that config.json and the weights belong together`,
      );
    }
  }
  const transposedBlocks = storesInputsFirst(config, family, stored);
  const plans = files.map((weightFile) => ({
    weightFile,
    tensors: weightFile.tensors.flatMap((tensor) => {
      const places = naming.places.get(naming.plain(tensor.name));
      return places
        ? planOne(weightFile, tensor, places, { transposedBlocks, fromOne: family.tensorNames.normsFromOne })
        : [];
    }),
  }));
  checkComplete(plans, config, family, naming);
  return plans;
}

/**
 * Conv1D checkpoints store a block's matrices (inputs, outputs). Re-implementations keep the names and
 * store nn.Linear's (outputs, inputs); the joint weight, never square, tells which it is for all.
 */
function storesInputsFirst(
  { nEmbd }: ModelConfig,
  { tensorNames }: FamilyFiles,
  stored: ReadonlyMap<string, StoredTensor>,
): boolean {
  if (!tensorNames.conv1d) return false;
  const joint = stored.get(`${tensorNames.blocks}.0.${tensorNames.modules['attention.qkv']}.weight`)?.shape;
  return !(joint?.length === 2 && joint[0] === 3 * nEmbd && joint[1] === nEmbd);
}

function planOne(
  weightFile: WeightFile,
  stored: StoredTensor,
  [{ shape, first, count, runs }, ...others]: readonly Place[],
  { transposedBlocks, fromOne = false }: { transposedBlocks: boolean; fromOne?: boolean },
): PlannedTensor {
  if (!weightTypes.includes(stored.type)) {
    throw bad(
      weightFile,
      `holds '${stored.name}' as ${stored.type}; gptlet reads ${weightTypes.join(', ')}. Convert the weights`,
    );
  }
  const { name, isVector } = shape;
  const [rows, columns] = isVector ? [1, count] : [count, shape.columns];
  const transposed = transposedBlocks && !isVector && name.startsWith('blocks.');
  const expected = isVector ? [columns] : transposed ? [columns, rows] : [rows, columns];
  // torch's Conv1d has an axis for the channels of a group, which is one channel here.
  if (name.endsWith('convolution.kernel.weight')) expected.splice(1, 0, 1);
  if (stored.shape.length !== expected.length || stored.shape.some((size, axis) => size !== expected[axis])) {
    throw bad(
      weightFile,
      `holds '${stored.name}' of shape [${stored.shape.join(', ')}], but config.json asks for [${expected.join(', ')}]. Check that they belong together`,
    );
  }
  return {
    stored,
    name,
    rowOffset: isVector ? 0 : first,
    rows,
    columns,
    transposed: transposed !== (stored.transposed ?? false),
    ...(others.length > 0 && { also: others.map((other) => other.shape.name) }),
    ...(runs && { runs }),
    ...(isVector && (runs || count < shape.columns) && { vector: { first, size: shape.columns } }),
    ...(fromOne && normWeights.test(name) && { fromOne }),
  };
}

function checkComplete(plans: readonly FilePlan[], config: ModelConfig, family: FamilyFiles, naming: FileNaming): void {
  const tensors = plans.flatMap((plan) => plan.tensors);
  const given = new Set(tensors.flatMap(({ name, also = [] }) => [name, ...also]));
  const needed = new Set(neededWeights(config, family, (name) => given.has(name)).map(({ name }) => name));
  const held = new Set(tensors.map(({ stored }) => naming.plain(stored.name)));
  const missing = [...naming.places].filter(
    ([name, places]) => !held.has(name) && places.some(({ shape }) => needed.has(shape.name)),
  );
  if (missing.length === 0) return;
  const lacks = (of: (shape: WeightShape) => unknown): boolean => missing.some(([, [{ shape }]]) => of(shape));
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${plans.map(({ weightFile }) => weightFile.file.location).join(', ')}: there is no tensor ${listed(missing.map(([name]) => naming.full(name)))}.` +
      (lacks(({ name }) => name === 'head.weight')
        ? ` config.json says that the head is not tied to the embedding (tie_word_embeddings), so '${naming.full(`${family.tensorNames.modules['head']}.weight`)}' is needed.`
        : '') +
      (lacks(({ biasOf }) => biasOf) ? ' Without biases, all layers are without.' : '') +
      ' Check that all weight files are there and belong to config.json.',
  );
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => `'${name.slice(0, 100)}'`)
    .join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');

const bad = (weightFile: WeightFile, what: string): GptletError =>
  new GptletError('BAD_CHECKPOINT', `${weightFile.file.location} ${what}.`);
