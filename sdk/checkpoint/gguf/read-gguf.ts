import { GptletError } from '../../errors/gptlet-error.ts';
import type { QuantisedDtype } from '../../model/dtype.ts';
import { readConfig } from '../../model/families/read-config.ts';
import { readLaterConfig } from '../../model/families/read-later-config.ts';
import type { GenerationDefaults } from '../../model/generation-defaults.ts';
import { unpackBytes } from '../../platform/unpack-bytes.ts';
import { readGenerationDefaults } from '../generation-defaults.ts';
import type { FileSource } from '../sources/file-source.ts';
import type { StoredTensor } from '../weight-file.ts';
import { architectures } from './architectures.ts';
import { chatFormatOf } from './chat-format.ts';
import { findGguf } from './find-gguf.ts';
import type { GgufContents, GgufFile, ReadFileBytes } from './gguf-contents.ts';
import { GgufMetadata } from './gguf-metadata.ts';
import { openGgufPart, partNames } from './gguf-parts.ts';
import { planGguf } from './gguf-plan.ts';
import { rawConfigOf } from './raw-config.ts';
import { readRotaryFactors } from './rotary-factors.ts';
import { tokenizerFilesOf } from './tokenizer-json.ts';
import { unpackingWasm } from './unpacking-wasm.gen.ts';

/**
 * Reads the header of a GGUF file, or of the parts of a split one, and says what model it holds, in the terms of all others.
 *
 * @throws GptletError BAD_CHECKPOINT for bytes that are no sound GGUF file, UNSUPPORTED_MODEL for one that gptlet does not run
 */
export async function readGguf(given: string, read: ReadFileBytes, list: FileSource['list']): Promise<GgufContents> {
  const name = given.startsWith(':') ? findGguf((await list?.()) ?? [], given.slice(1)) : given;
  const first = await openGgufPart(name, read);
  const metadata = new GgufMetadata(first.header.metadata, first.location);
  const parts = [first];
  for (const other of partNames(name, metadata)) parts.push(await openGgufPart(other, read));
  const stored = parts.flatMap((part) => part.tensors);
  const twice = stored.find(({ name: tensor }, i) => stored.findIndex((other) => other.name === tensor) !== i);
  if (twice)
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${first.location}: two of its parts hold '${twice.name}'. Download them again.`,
    );
  const factors = new Map<string, readonly number[]>();
  for (const part of parts) {
    for (const [tensor, values] of await readRotaryFactors(part.tensors, part.read)) factors.set(tensor, values);
  }
  const rawConfig = rawConfigOf(metadata, stored, factors);
  const { config } = readConfig(rawConfig) ?? readLaterConfig(rawConfig);
  const { neighbouringPairs = false } = architectures[metadata.string('general.architecture') ?? ''];
  const plan = planGguf(config, stored, neighbouringPairs, first.location);
  const files = parts.map(
    (part): GgufFile => ({
      name: part.name,
      size: part.size,
      tensors: plan
        .filter((tensor) => part.tensors.includes(tensor.stored))
        .sort((a, b) => a.stored.start - b.stored.start),
    }),
  );
  return {
    config,
    rawConfig,
    files,
    dtype: storedDtype(stored),
    tokenizerFiles: tokenizerFilesOf(metadata),
    generationDefaults: samplingDefaults(metadata),
    chatFormat: chatFormatOf(metadata),
    unpacker: unpackBytes(unpackingWasm),
  };
}

/** What the makers recommend for drawing tokens; newer files say so. */
function samplingDefaults(metadata: GgufMetadata): GenerationDefaults {
  const value = (key: string): number | undefined => metadata.number(`general.sampling.${key}`);
  return readGenerationDefaults({
    temperature: value('temp'),
    top_k: value('top_k'),
    top_p: value('top_p'),
    min_p: value('min_p'),
    repetition_penalty: value('penalty_repeat'),
  });
}

/** What most weights are quantised to; what is no integer of ours keeps most of what it is in q8. */
function storedDtype(tensors: readonly StoredTensor[]): QuantisedDtype | undefined {
  const counts = { q8: 0, q4: 0, floats: 0 };
  for (const { type, shape } of tensors) {
    const kind = type === 'Q4_0' ? 'q4' : type.startsWith('Q') ? 'q8' : 'floats';
    counts[kind] += shape.reduce((product, size) => product * size, 1);
  }
  if (counts.floats > counts.q8 + counts.q4) return undefined;
  return counts.q4 > counts.q8 ? 'q4' : 'q8';
}
