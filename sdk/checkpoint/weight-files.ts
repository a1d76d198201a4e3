import { GptletError } from '../errors/gptlet-error.ts';
import { readJsonFile } from './json-file.ts';
import { isRecord } from './json-values.ts';
import { pytorchHeaderReader } from './pytorch-header.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';
import type { FileSource } from './sources/file-source.ts';
import { openOptional } from './sources/open-optional.ts';
import type { ReadTorchTensors, WeightFile } from './weight-file.ts';

type ReadHeader = typeof readSafetensorsHeader;

/**
 * Finds the weight files, by the hub's names in its order of preference: one safetensors file, several
 * with an index, PyTorch's own. Reads their tables of contents.
 *
 * @throws GptletError MODEL_NOT_FOUND where there is none, BAD_CHECKPOINT where one is unsound.
 */
export async function openWeightFiles(
  source: FileSource,
  readTorchTensors: ReadTorchTensors,
  signal?: AbortSignal,
): Promise<WeightFile[]> {
  const formats: [fileName: string, ReadHeader][] = [
    ['model.safetensors', readSafetensorsHeader],
    ['pytorch_model.bin', pytorchHeaderReader(readTorchTensors)],
  ];
  const tried: string[] = [];
  for (const [fileName, readHeader] of formats) {
    const file = await openOptional(source, fileName, signal);
    if (file) return [await readHeader(fileName, file, signal)];
    const indexName = `${fileName}.index.json`;
    const index = await readJsonFile(source, indexName, signal);
    if (index) return openShards(source, indexName, index, readHeader, signal);
    tried.push(source.locate(fileName), source.locate(indexName));
  }
  throw new GptletError(
    'MODEL_NOT_FOUND',
    `No weights found. Looked for ${tried.join(', ')}. Check the address, and that the model was published in one of these forms.`,
  );
}

async function openShards(
  source: FileSource,
  indexName: string,
  index: Record<string, unknown>,
  readHeader: ReadHeader,
  signal?: AbortSignal,
): Promise<WeightFile[]> {
  const bad = (what: string): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${source.locate(indexName)} ${what}. Download it again.`);
  const map = index['weight_map'];
  if (!isRecord(map)) throw bad('has no weight_map of tensor names to file names');
  const shardOf = Object.entries(map);
  const names = [...new Set(shardOf.map(([, shard]) => shard))];
  // A name that leads elsewhere would let a checkpoint read any file.
  const strange = names.find((name) => typeof name !== 'string' || !/^[\w.-]+$/.test(name) || name.startsWith('.'));
  if (strange !== undefined)
    throw bad(`names the file ${JSON.stringify(strange)?.slice(0, 100)}, which is no plain file name`);
  if (names.length === 0 || names.length > 1000) throw bad(`names ${names.length} files`);
  const files: WeightFile[] = [];
  for (const name of (names as string[]).sort()) {
    const file = await openOptional(source, name, signal);
    if (!file)
      throw new GptletError(
        'MODEL_NOT_FOUND',
        `${source.locate(name)} is missing, though ${indexName} names it. Download the model again.`,
      );
    const shard = await readHeader(name, file, signal);
    const held = new Set(shard.tensors.map((tensor) => tensor.name));
    const lacking = shardOf.find(([tensor, of]) => of === name && !held.has(tensor));
    if (lacking) throw bad(`says that ${name} holds '${lacking[0]}', which it does not`);
    files.push(shard);
  }
  return files;
}
