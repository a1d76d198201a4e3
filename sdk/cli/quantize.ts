import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WeightQuantiser } from '../backends/wasm/weight-quantiser.ts';
import { readSmallFile } from '../checkpoint/json-file.ts';
import { openSource } from '../checkpoint/open-source.ts';
import { type FileTensor, quantisedMetadata, weightStorage } from '../checkpoint/quantised-format.ts';
import { nodeDirectory } from '../checkpoint/sources/node-directory.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { openCheckpointAt } from '../loading/open-checkpoint-at.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';
import { type TensorPart, weightShapes } from '../model/tensor.ts';
import type { QuantisedDtype } from '../quantising/quantised-rows.ts';
import { writeSafetensors } from './write-safetensors.ts';

export const quantizeUsage = 'gptlet quantize SOURCE --dtype q8|q4 --out DIRECTORY';

/** Files that make a model with the weights, copied as they are. */
const smallFiles = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'tokenizer_config.json',
  'special_tokens_map.json',
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
  if (checkpoint.dtype) {
    throw new GptletError(
      'INVALID_OPTION',
      `${source} is quantised to ${checkpoint.dtype} already; give the original.`,
    );
  }
  const { head, ...config } = checkpoint.config;
  const quantiser = await WeightQuantiser.create(config, dtype);
  const ofHead = new Map<string, Uint8Array>();
  const given = new Set<string>();
  for await (const part of checkpoint.tensors({ signal })) {
    given.add(part.name);
    if (part.name.startsWith('score.')) ofHead.set(part.name, bytesOf(rowMajor(part)));
    else quantiser.set(part);
  }
  quantiser.finish();

  const tensors: { tensor: FileTensor; bytes: () => Uint8Array }[] = [];
  for (const shape of weightShapes(checkpoint.config)) {
    const { name } = shape;
    if (!given.has(name)) continue;
    const storage = weightStorage(shape, dtype);
    if ('plain' in storage) {
      tensors.push({ tensor: storage.plain, bytes: () => ofHead.get(name) ?? bytesOf(quantiser.plain(name)) });
    } else {
      // Scales first, so that a reader has them when the integers come.
      tensors.push({ tensor: storage.scales, bytes: () => bytesOf(quantiser.quantised(name).scales) });
      tensors.push({ tensor: storage.integers, bytes: () => quantiser.quantised(name).integers });
    }
  }
  // Floats first: they stay aligned, whatever the size of the others.
  tensors.sort((a, b) => Number(b.tensor.type === 'F32') - Number(a.tensor.type === 'F32'));

  await mkdir(out, { recursive: true });
  const partial = join(out, 'model.safetensors.part');
  const written = await writeSafetensors(partial, quantisedMetadata(dtype), tensors);
  const files = await openSource(source, { openDirectory: nodeDirectory });
  for (const name of smallFiles) {
    const bytes = await readSmallFile(files, name, signal);
    if (bytes) await writeFile(join(out, name), bytes);
  }
  await rename(partial, join(out, 'model.safetensors'));
  process.stderr.write(`${out}: ${dtype}, ${(written / 1e6).toFixed(1)} MB\n`);
}

function parse(args: readonly string[]): { source: string; dtype: QuantisedDtype; out: string } {
  const text = { type: 'string' } as const;
  const wrong = (what: string, cause?: unknown): GptletError =>
    new GptletError('INVALID_OPTION', `${what} Usage: ${quantizeUsage}`, { cause });
  let parsed: { values: { dtype?: string; out?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { dtype: text, out: text } });
  } catch (cause) {
    throw wrong((cause as Error).message, cause);
  }
  const { positionals, values } = parsed;
  const [source, ...more] = positionals;
  if (!source || more.length > 0) throw wrong(`Give one model to quantise; ${positionals.length} were given.`);
  const { dtype = 'q8', out } = values;
  if (dtype !== 'q8' && dtype !== 'q4') throw wrong(`--dtype is '${dtype}'; it must be q8 or q4.`);
  if (!out) throw wrong('--out is missing: the directory to write to.');
  if (resolve(out) === resolve(source)) throw wrong(`--out is the model's own directory, ${out}; choose another.`);
  return { source, dtype, out };
}

function rowMajor({ rows, columns, rowStride, columnStride, data }: TensorPart): Float32Array {
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => data[Math.floor(i / columns) * rowStride + (i % columns) * columnStride],
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
