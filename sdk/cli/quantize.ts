import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tokenizerFileNames } from '../checkpoint/checkpoint.ts';
import { readSmallFile } from '../checkpoint/json-file.ts';
import { openSource } from '../checkpoint/open-source.ts';
import { quantisedMetadata } from '../checkpoint/quantised-format.ts';
import { nodeDirectory } from '../checkpoint/sources/node-directory.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { openCheckpointAt } from '../loading/open-checkpoint-at.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';
import type { QuantisedDtype } from '../model/dtype.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import { importQuantiser } from '../quantising/import-quantiser.ts';
import { rowQuantiser } from '../quantising/row-quantiser.ts';
import { parseOptions } from './parse-options.ts';
import { QuantisedWeight } from './quantised-weight.ts';
import { writeSafetensors } from './write-safetensors.ts';

export const quantizeUsage = 'gptlet quantize SOURCE --dtype q8|q4 --out DIRECTORY';

/** Files that make a model with the weights, copied as they are. */
const smallFiles: readonly string[] = [
  'config.json',
  'generation_config.json',
  'chat_template.jinja',
  ...tokenizerFileNames,
];

/**
 * Writes a model in gptlet's quantised layout (docs/quantised-files.md): the numbers that quantising while loading gives,
 * in a file that is smaller to download and needs no work.
 *
 * @param args what follows `gptlet quantize`
 * @throws GptletError INVALID_OPTION, and all that opening a checkpoint throws
 */
export async function quantize(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const { source, dtype, out } = parse(args);
  const checkpoint = await openCheckpointAt(source, { cache: true, signal }, ownSurroundings());
  if (checkpoint.dtype)
    throw new GptletError(
      'INVALID_OPTION',
      `${source} is quantised to ${checkpoint.dtype} already; give the original.`,
    );
  const shapes = new Map(weightShapes(checkpoint.config).map((shape) => [shape.name, shape]));
  const weights = new Map<string, QuantisedWeight>();
  const quantise = await rowQuantiser(importQuantiser);
  for await (const part of checkpoint.tensors({ signal })) {
    const shape = shapes.get(part.name) as WeightShape;
    const weight = weights.get(part.name) ?? new QuantisedWeight(shape, dtype);
    weights.set(part.name, weight);
    weight.take(part, quantise);
  }
  const tensors = [...shapes.keys()].flatMap((name) => weights.get(name)?.tensors ?? []);
  // Floats first: they stay aligned, whatever the size of the others.
  tensors.sort((a, b) => Number(b.tensor.type === 'F32') - Number(a.tensor.type === 'F32'));

  await mkdir(out, { recursive: true });
  const partial = join(out, 'model.safetensors.part');
  const written = await writeSafetensors(partial, quantisedMetadata(dtype), tensors);
  const files = await openSource(source, { openDirectory: nodeDirectory });
  // A GGUF file has all of it within itself.
  const held = new Map<string, string | Uint8Array>(files.gguf ? Object.entries(checkpoint.tokenizerFiles) : []);
  if (files.gguf) held.set('config.json', JSON.stringify(checkpoint.rawConfig));
  for (const name of smallFiles) {
    const bytes = (await readSmallFile(files, name, signal)) ?? held.get(name);
    if (bytes) await writeFile(join(out, name), bytes);
  }
  await rename(partial, join(out, 'model.safetensors'));
  process.stderr.write(`${out}: ${dtype}, ${(written / 1e6).toFixed(1)} MB\n`);
}

function parse(args: readonly string[]): { source: string; dtype: QuantisedDtype; out: string } {
  const text = { type: 'string' } as const;
  const usage = `Usage: ${quantizeUsage}`;
  const wrong = (what: string): GptletError => new GptletError('INVALID_OPTION', `${what} ${usage}`);
  const { positionals, values } = parseOptions(args, { dtype: text, out: text }, usage);
  const [source, ...more] = positionals;
  if (!source || more.length > 0) throw wrong(`Give one model to quantise; ${positionals.length} were given.`);
  const { dtype = 'q8', out } = values;
  if (dtype !== 'q8' && dtype !== 'q4') throw wrong(`--dtype is '${dtype}'; it must be q8 or q4.`);
  if (!out) throw wrong('--out is missing: the directory to write to.');
  if (resolve(out) === resolve(source)) throw wrong(`--out is the model's own directory, ${out}; choose another.`);
  return { source, dtype, out };
}
