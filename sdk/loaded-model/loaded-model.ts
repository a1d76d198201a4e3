import type { Dtype } from '../model/dtype.ts';
import { modelDisposed } from '../errors/disposed.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import type { ModelConfig } from '../model/config.ts';
import { checkOptions } from '../options/check-options.ts';
import { embedTable, inspectTable, scoreTable, signalTable } from '../options/table.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import {
  type CheckedGenerateOptions,
  checkGenerateOptions,
  type GenerateOptions,
  resolveGenerateOptions,
} from './generate-options.ts';
import { createGeneration, type Generation, type GenerationPart, type GenerationResult } from './generation.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from './gpt-model.ts';
import type { ModelCalls, QueryAnswer, QueryInput, QueryName, QueryOptions } from './model-calls.ts';

/** A loaded model as its users see it, over the calls of one that runs here or in a worker. Options are checked here and nowhere else. */
export class LoadedModel implements GptModel {
  readonly #calls: ModelCalls;
  #disposing: Promise<void> | undefined;

  constructor(calls: ModelCalls) {
    this.#calls = calls;
  }

  get config(): ModelConfig {
    return this.#calls.config;
  }

  get backend(): 'webgpu' | 'wasm' {
    return this.#calls.state.backend;
  }

  get dtype(): Dtype {
    return this.#calls.state.dtype;
  }

  get bytes(): { readonly weights: number; readonly kvCache: number } {
    return this.#calls.state.bytes;
  }

  get tokenizer(): Tokenizer {
    return this.#calls.tokenizer ?? noTokenizer();
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(
      (onPart, signal) => this.generateChecked(prompt, checkGenerateOptions(options), onPart, signal),
      options,
    );
  }

  /** The run behind `generate`, of options that have been checked. */
  async generateChecked(
    prompt: Prompt,
    options: CheckedGenerateOptions,
    onPart: (part: GenerationPart) => void,
    signal: AbortSignal,
  ): Promise<GenerationResult> {
    this.#requireLive();
    const { generationDefaults, config } = this.#calls;
    const resolved = resolveGenerateOptions(options, generationDefaults, config.eosTokenIds);
    return this.#calls.generate(prompt, resolved, onPart, signal);
  }

  forward(tokenIds: Uint32Array | readonly number[], options: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.#query('forward', tokenIds, () => checkOptions(signalTable, options));
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.#query('scoreBatch', inputs, () => checkOptions(scoreTable, options));
  }

  embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return this.#query('embed', text, () => checkOptions(embedTable, options));
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.#query('inspect', prompt, () => checkOptions(inspectTable, options));
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.#query('classifyIdsBatch', sequences, () => checkOptions(signalTable, options));
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.#calls.dispose();
    return this.#disposing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #query<Name extends QueryName>(
    name: Name,
    input: QueryInput<Name>,
    check: () => QueryOptions<Name> & { signal?: AbortSignal },
  ): Promise<QueryAnswer<Name>> {
    const { signal, ...options } = check();
    this.#requireLive();
    signal?.throwIfAborted();
    return this.#calls.query(name, input, options as QueryOptions<Name>, signal);
  }

  #requireLive(): void {
    if (this.#disposing) throw modelDisposed();
  }
}
