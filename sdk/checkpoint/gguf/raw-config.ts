import { GptletError } from '../../errors/gptlet-error.ts';
import type { StoredTensor } from '../weight-file.ts';
import type { ArchitectureFacts, RawConfig } from './architecture-facts.ts';
import { architectures } from './architectures.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import { refuseArchitecture } from './refuse-architecture.ts';
import type { RotaryFactors } from './rotary-factors.ts';
import { endTokens } from './special-tokens.ts';

/**
 * Says in the hub's words what a GGUF file's metadata say of its model, so that the families' own readers understand it. The
 * vocabulary's size and a tied head are read off the tensors.
 *
 * @throws GptletError UNSUPPORTED_MODEL for an architecture that gptlet does not run, BAD_CHECKPOINT where a key is missing
 */
export function rawConfigOf(
  metadata: GgufMetadata,
  tensors: readonly StoredTensor[],
  factors: RotaryFactors,
): RawConfig {
  const name = metadata.string('general.architecture') ?? '';
  if (!Object.hasOwn(architectures, name)) throw refuseArchitecture(name, metadata);
  const shapes = new Map(tensors.map((tensor) => [tensor.name, tensor.shape]));
  const embedding = shapes.get('token_embd.weight');
  if (!embedding) throw missing(metadata, "the tensor 'token_embd.weight'");
  const number = (key: string): number | undefined => metadata.number(`${name}.${key}`);
  const needed = (key: string): number => {
    const value = number(key);
    if (value === undefined) throw missing(metadata, `the key ${name}.${key}`);
    return value;
  };
  const layers = needed('block_count');
  if (!Number.isInteger(layers) || layers < 1 || layers > 1024) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${metadata.location}: ${name}.block_count is ${layers}; it must be a whole number from 1 to 1024.`,
    );
  }
  const width = needed('embedding_length');
  const heads = metadata.perLayer(`${name}.attention.head_count`, layers)?.[0] ?? needed('attention.head_count');
  const facts: ArchitectureFacts = {
    ...{ metadata, layers, width, heads, number, needed },
    headSize: number('attention.key_length') ?? width / heads,
    kvHeads: metadata.perLayer(`${name}.attention.head_count_kv`, layers) ?? new Array<number>(layers).fill(heads),
    string: (key) => metadata.string(`${name}.${key}`),
    holds: (tensor) => shapes.has(tensor),
    factors: (tensor) => factors.get(tensor),
  };
  const id = (kind: string): number | undefined => metadata.number(`tokenizer.ggml.${kind}_token_id`);
  return {
    ...architectures[name].config(facts),
    vocab_size: embedding[0],
    tie_word_embeddings: !shapes.has('output.weight'),
    bos_token_id: id('bos') ?? null,
    eos_token_id: endTokens(metadata),
    pad_token_id: id('padding') ?? null,
  };
}

const missing = ({ location }: GgufMetadata, what: string): GptletError =>
  new GptletError(
    'BAD_CHECKPOINT',
    `${location} lacks ${what}, without which no model can be read. Convert the model again.`,
  );
