import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { QuantisedDtype } from '../model/dtype.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { TensorPart } from '../model/tensor.ts';

export const tokenizerFileNames = [
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'tokenizer_config.json',
  'special_tokens_map.json',
] as const;

export type TokenizerFileName = (typeof tokenizerFileNames)[number];

/** A checkpoint opened, its small files read and checked, its weights not yet read. */
export interface Checkpoint {
  readonly config: ModelConfig;
  /** What the weights are quantised to already, in files of `gptlet quantize` and in GGUF files. */
  readonly dtype: QuantisedDtype | undefined;
  /** config.json as it was, for what a task needs beside the model (delimiters, truncation, …). */
  readonly rawConfig: Readonly<Record<string, unknown>>;
  /** The tokenizer's files by name; empty when the checkpoint holds no tokenizer, or only headers were read. */
  readonly tokenizerFiles: Readonly<Partial<Record<TokenizerFileName, Uint8Array>>>;
  readonly generationDefaults: GenerationDefaults;
  /** Not there where only headers were read, but for GGUF files. */
  readonly chatFormat?: ChatFormat;
  /** What the files hold weights as, by the names of their format; the type of the most elements first. */
  readonly weightTypes: readonly string[];
  /** Bytes of all weight files together. */
  readonly totalBytes: number;
  /** All weights under canonical names, as they are read or downloaded; checks that none is missing. */
  tensors(options?: TensorStreamOptions): AsyncIterable<TensorPart>;
}

export interface TensorStreamOptions {
  readonly signal?: AbortSignal;
  /** Told of what is no error and may be none. */
  readonly warn?: (message: string) => void;
  readonly onBytes?: (file: string, loadedBytes: number) => void;
  /** Where the next part's values are to be put; undefined where they do not fit, then they come in other memory. */
  readonly room?: (floats: number) => Float32Array | undefined;
}
