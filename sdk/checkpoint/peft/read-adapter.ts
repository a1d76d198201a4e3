import { GptletError } from '../../errors/gptlet-error.ts';
import type { AdapterParts, LoraPair } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { tensorNamesOf } from '../../model/families/family-of.ts';
import type { RowRun } from '../../model/families/model-family.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import { weightTypes } from '../element-types.ts';
import { readJsonFile } from '../json-file.ts';
import { pytorchHeaderReader } from '../pytorch-header.ts';
import { readSafetensorsHeader } from '../safetensors-header.ts';
import type { FileSource } from '../sources/file-source.ts';
import { openOptional } from '../sources/open-optional.ts';
import { streamTensors } from '../tensor-stream.ts';
import type { ReadTorchTensors, StoredTensor, WeightFile } from '../weight-file.ts';
import { type AdapterConfig, readAdapterConfig } from './adapter-config.ts';
import { type AdapterSlot, adapterSlots } from './adapter-slots.ts';

/**
 * Reads an adapter in PEFT's layout: adapter_config.json, and adapter_model.safetensors or adapter_model.bin.
 *
 * @param config of the model that it is for
 * @throws GptletError MODEL_NOT_FOUND, NETWORK; UNSUPPORTED_MODEL for what gptlet does not apply; BAD_CHECKPOINT for what does not fit the
 *   model, or is no number; the signal's reason once it is aborted
 */
export async function readAdapter(
  files: FileSource,
  config: ModelConfig,
  readTorchTensors: ReadTorchTensors,
  signal?: AbortSignal,
): Promise<AdapterParts> {
  signal?.throwIfAborted();
  const raw = await readJsonFile(files, 'adapter_config.json', signal);
  if (!raw) {
    throw new GptletError(
      'MODEL_NOT_FOUND',
      `No adapter found: there is no ${files.locate('adapter_config.json')}. Check the name; an adapter is a folder with adapter_config.json and adapter_model.safetensors in it.`,
    );
  }
  const said = readAdapterConfig(raw, files.locate('adapter_config.json'));
  const weightFile = await openWeights(files, readTorchTensors, signal);
  const { pairs, head } = sortTensors(weightFile, said, config);
  const values = await readValues(weightFile, [...pairs.flatMap(({ a, b }) => [a, b]), ...Object.values(head)], signal);
  const valuesOf = (tensor: StoredTensor): Float32Array => values.get(tensor.name) as Float32Array;
  return {
    adapter: {
      pairs: pairs.map(
        ({ slot: { slot, runs }, a, b, scale }): LoraPair => ({
          ...slot,
          rank: a.shape[0],
          scale,
          a: valuesOf(a),
          b: placeRows(valuesOf(b), a.shape[0], runs),
        }),
      ),
    },
    ...(head.weight && { head: { weight: valuesOf(head.weight), ...(head.bias && { bias: valuesOf(head.bias) }) } }),
  };
}

async function openWeights(
  files: FileSource,
  readTorchTensors: ReadTorchTensors,
  signal: AbortSignal | undefined,
): Promise<WeightFile> {
  const formats = [
    ['adapter_model.safetensors', readSafetensorsHeader],
    ['adapter_model.bin', pytorchHeaderReader(readTorchTensors)],
  ] as const;
  for (const [name, readHeader] of formats) {
    const file = await openOptional(files, name, signal);
    if (file) return readHeader(name, file, signal);
  }
  throw new GptletError(
    'MODEL_NOT_FOUND',
    `There are no weights of the adapter: neither ${formats.map(([name]) => files.locate(name)).join(' nor ')}.`,
  );
}

interface StoredPair {
  readonly slot: AdapterSlot;
  readonly a: StoredTensor;
  readonly b: StoredTensor;
  readonly scale: number;
}

/** Finds out what each tensor is, and checks its shape. */
function sortTensors(
  { file, tensors }: WeightFile,
  said: AdapterConfig,
  config: ModelConfig,
): { pairs: StoredPair[]; head: { weight?: StoredTensor; bias?: StoredTensor } } {
  const bad = (what: string): GptletError => new GptletError('BAD_CHECKPOINT', `${file.location} ${what}.`);
  const names = tensorNamesOf(config);
  const slots = new Map(adapterSlots(config, names).map((slot) => [slot.path, slot]));
  const heads = new Set(Object.values(names.heads));
  const factors = new Map<string, { a?: StoredTensor; b?: StoredTensor }>();
  const head: { weight?: StoredTensor; bias?: StoredTensor } = {};
  for (const tensor of tensors) {
    if (!weightTypes.includes(tensor.type))
      throw bad(`holds '${tensor.name}' as ${tensor.type}; gptlet reads ${weightTypes.join(', ')}`);
    const { path, factor, kind } = partsOf(tensor.name, names.body);
    if (factor === undefined && heads.has(path)) {
      const wanted = config.head?.labels.length ?? tensor.shape[0];
      checkShape(tensor, kind === 'bias' ? [wanted] : [wanted, config.nEmbd], 'the head of this model asks for', bad);
      head[kind as 'weight' | 'bias'] = tensor;
      continue;
    }
    if (factor === undefined || kind !== 'weight' || !slots.has(path))
      throw notApplied(tensor, path, factor, names.modules, bad, file.location);
    const { slot } = slots.get(path) as AdapterSlot;
    const whole = names.body + path;
    if (!said.targets(whole, slot.block))
      throw bad(`holds '${tensor.name}', which the target_modules of adapter_config.json leave out`);
    const pair = factors.get(path) ?? {};
    if (pair[factor]) throw bad(`holds '${tensor.name}' and '${pair[factor].name}', which mean the same`);
    const rank = said.rankOf(whole);
    const shape = factor === 'a' ? [rank, slot.inputs] : [slot.outputs, rank];
    checkShape(tensor, shape, `this model and a rank of ${rank} (adapter_config.json) ask for`, bad);
    pair[factor] = tensor;
    factors.set(path, pair);
  }
  if (factors.size === 0) throw bad('holds no lora_A and lora_B of any layer of this model');
  if (head.bias && !head.weight) throw bad(`holds '${head.bias.name}' without its weight`);
  if (head.bias && head.weight) checkShape(head.bias, [head.weight.shape[0]], 'its weight asks for', bad);
  const pairs = [...factors].map(([path, { a, b }]): StoredPair => {
    if (a && b) return { slot: slots.get(path) as AdapterSlot, a, b, scale: said.scaleOf(names.body + path) };
    throw bad(`holds '${(a ?? b)?.name}' without its ${a ? 'lora_B' : 'lora_A'}: it is not whole. Export it again`);
  });
  return { pairs, head };
}

/** `base_model.model.transformer.h.0.attn.c_attn.lora_A.weight` → `h.0.attn.c_attn`, a, weight. */
function partsOf(name: string, body: string): { path: string; factor?: 'a' | 'b'; kind: string } {
  const bare = name.replace(/^(?:base_model\.(?:model\.)?)?/, '').replace(/^(?:module\.|_orig_mod\.)+/, '');
  const inner = bare.startsWith(body) ? bare.slice(body.length) : bare;
  const [, path, letter, kind] = /^(.+?)\.lora_([AB])(?:\.\w+)?\.(weight|bias)$/.exec(inner) ?? [];
  if (letter) return { path, factor: letter === 'A' ? 'a' : 'b', kind };
  const [, module, end] = /^(.+?)(?:\.modules_to_save\.\w+)?\.(\w+)$/.exec(inner) ?? [];
  return { path: module ?? inner, kind: end ?? '' };
}

function checkShape(
  { name, shape }: StoredTensor,
  wanted: readonly number[],
  who: string,
  bad: (what: string) => GptletError,
): void {
  if (shape.join() === wanted.join()) return;
  throw bad(
    `holds '${name}' of shape [${shape.join(', ')}], but ${who} [${wanted.join(', ')}]. Check that the adapter was trained for this model`,
  );
}

/** Says of a tensor that is neither a factor of a layer here nor the head whether it is a mistake or too much. */
function notApplied(
  { name }: StoredTensor,
  path: string,
  factor: string | undefined,
  modules: Readonly<Record<string, string | readonly string[]>>,
  bad: (what: string) => GptletError,
  location: string,
): GptletError {
  const unsupported = (what: string): GptletError =>
    new GptletError(
      'UNSUPPORTED_MODEL',
      `${location} holds '${name}': ${what}. Merge this adapter into its model with the tool that made it.`,
    );
  if (path === modules['head'] || path === modules['tokenEmbedding'] || /lora_embedding_[AB]/.test(name))
    return unsupported('gptlet does not change the embedding or the language-model head by an adapter');
  if (/lora_magnitude_vector/.test(name)) return unsupported('that is of DoRA, which gptlet does not apply');
  if (factor === undefined)
    return unsupported(
      'of what was trained besides low-rank pairs (modules_to_save), gptlet takes a classifier’s head only',
    );
  return bad(
    `holds '${name}', a layer that this model does not have. Check that the adapter was trained for this model`,
  );
}

/** Reads tensors whole. */
async function readValues(
  weightFile: WeightFile,
  tensors: readonly StoredTensor[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Float32Array>> {
  const wanted = new Set(tensors);
  const planned = weightFile.tensors
    .filter((tensor) => wanted.has(tensor))
    .map((stored) => {
      const [rows, columns] = stored.shape.length === 1 ? [1, stored.shape[0]] : stored.shape;
      return { stored, name: stored.name, rowOffset: 0, rows, columns, transposed: false };
    });
  const values = new Map(planned.map(({ name, rows, columns }) => [name, new Float32Array(rows * columns)]));
  for await (const part of streamTensors([{ weightFile, tensors: planned }], { signal })) {
    const to = values.get(part.name) as Float32Array;
    for (let r = 0; r < part.rows; r++) {
      for (let c = 0; c < part.columns; c++) {
        const value = part.data[r * part.rowStride + c * part.columnStride];
        if (!Number.isFinite(value)) throw unusableWeight(part, r);
        to[(part.rowOffset + r) * part.columns + c] = value;
      }
    }
  }
  return values;
}

/** The rows of b as our matrix has them. */
function placeRows(b: Float32Array, rank: number, runs: readonly RowRun[] | undefined): Float32Array {
  if (!runs) return b;
  const placed = new Float32Array(b.length);
  for (const { from, step, count, to } of runs) {
    for (let i = 0; i < count; i++) {
      const row = (from + i * step) * rank;
      placed.set(b.subarray(row, row + rank), (to + i) * rank);
    }
  }
  return placed;
}
