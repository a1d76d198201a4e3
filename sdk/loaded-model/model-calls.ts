import type { AdapterParts } from '../model/adapter.ts';
import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { TensorPart } from '../model/tensor.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ResolvedGenerateOptions } from './generate-options.ts';
import type { GenerationPart, GenerationResult } from './generation.ts';
import type { GptModel, Prompt } from './gpt-model.ts';

/** What a call may change of a model: beams need a larger KV cache, and a lost GPU may end in another backend. */
export type ModelState = Pick<GptModel, 'backend' | 'dtype' | 'bytes' | 'adapters'>;

/** What a checkpoint has beside its weights. */
export interface ModelFiles {
  /** config.json as it was. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
  /** The tokenizer's, by name. */
  readonly tokenizerFiles: Readonly<Record<string, Uint8Array>>;
}

/** What an adapter is to be called: what was asked for, or something that tells it from others. */
export interface AdapterName {
  readonly given: string | undefined;
  /** Gets a number behind it where it is taken. */
  readonly usual: string;
}

/** The calls that ask and answer; all others come down to them. */
export type Queries = Pick<GptModel, 'forward' | 'scoreBatch' | 'embedBatch' | 'inspect' | 'classifyIdsBatch'>;
export type QueryName = keyof Queries;
export type QueryInput<Name extends QueryName> = Parameters<Queries[Name]>[0];
export type QueryOptions<Name extends QueryName> = Omit<NonNullable<Parameters<Queries[Name]>[1]>, 'signal'>;
export type QueryAnswer<Name extends QueryName> = Awaited<ReturnType<Queries[Name]>>;

/**
 * What a model is asked for, wherever it runs: in this thread (`LocalCalls`) or behind a worker's port (`PortCalls`). Options
 * have been checked, and those of a generation have their defaults.
 */
export interface ModelCalls {
  readonly config: ModelConfig;
  readonly generationDefaults: GenerationDefaults;
  /** Undefined where nobody will chat. */
  readonly chatFormat: ChatFormat | undefined;
  /** Undefined where the checkpoint came without one. */
  readonly tokenizer: Tokenizer | undefined;
  readonly state: ModelState;
  /** Hands out parts as they come; an abort is an ending, not an error. */
  readonly generate: (
    prompt: Prompt,
    options: ResolvedGenerateOptions,
    onPart: (part: GenerationPart) => void,
    signal: AbortSignal,
  ) => Promise<GenerationResult>;
  /** Rejects with the signal's reason once it is aborted. */
  readonly query: <Name extends QueryName>(
    name: Name,
    input: QueryInput<Name>,
    options: QueryOptions<Name>,
    signal: AbortSignal | undefined,
  ) => Promise<QueryAnswer<Name>>;
  /**
   * Reads the checkpoint's weights once more, from where they came. `onPart` may take its time: the next part comes when it has resolved,
   * and may overwrite the one before. Rejects with the signal's reason once it is aborted.
   */
  readonly readWeights: (onPart: (part: TensorPart) => void | Promise<void>, signal: AbortSignal) => Promise<void>;
  /** Empty for the embedded model in its own worker, which is built without them. */
  readonly readFiles: () => Promise<ModelFiles>;
  /** Keeps an adapter for calls to choose; returns its name. Its arrays are the model's from then on. */
  readonly addAdapter: (parts: AdapterParts, name: AdapterName, signal: AbortSignal | undefined) => Promise<string>;
  /** Reads the weights once more, the adapter in them from now on. */
  readonly mergeAdapter: (parts: AdapterParts, signal: AbortSignal | undefined) => Promise<void>;
  readonly removeAdapter: (name: string) => Promise<void>;
  /** Has this model draft for another one that asks on a port. */
  serveDrafts(port: MessagePort): void;
  /** Ends after the call that runs; those that wait reject with DISPOSED. */
  dispose(): Promise<void>;
}
