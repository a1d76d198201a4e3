import { modelDisposed } from '../errors/disposed.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import type { AdapterParts } from '../model/adapter.ts';
import { type ChatFormat, noChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { ModelSource } from '../model/model-source.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions, resolveOptions } from '../options/check-options.ts';
import { filledText } from '../options/kinds.ts';
import { embedOptions, inspectOptions, loadAdapterOptions, passOptions, scoreOptions } from '../options/table.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { CallOptions } from './call-options.ts';
import { callsOfModels } from './calls-of-models.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Chatting } from './chatting.ts';
import { checkGenerateOptions, type GenerateOptions } from './generate-options.ts';
import { createGeneration, type Generation } from './generation.ts';
import { generationRun, type LoadDraft } from './generation-run.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  LoadAdapterOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from './gpt-model.ts';
import type { Message } from './message.ts';
import type { ModelCalls, QueryAnswer, QueryInput, QueryName, QueryOptions } from './model-calls.ts';

/** What {@link GptModel.chat} is made of, which comes from a room below. */
export type StartChat = (model: GptModel, messages: readonly Message[], options: ChatOptions) => Chatting;

/** The models that drafted for one model and were loaded for that. */
export interface OwnDrafts {
  readonly load: LoadDraft;
  readonly dispose: () => Promise<void>;
}

/** Reads the adapter that a source means. */
export type ReadAdapter = (
  source: ModelSource,
  config: ModelConfig,
  signal: AbortSignal | undefined,
) => Promise<AdapterParts>;

/** A loaded model as its users see it, over the calls of one that runs here or in a worker. Options are checked here, and trusted behind the calls. */
export class LoadedModel implements GptModel {
  readonly place: 'here' = 'here';
  readonly #calls: ModelCalls;
  readonly #startChat: StartChat;
  readonly #drafts: OwnDrafts;
  readonly #readAdapter: ReadAdapter;
  #disposing: Promise<void> | undefined;

  constructor(calls: ModelCalls, startChat: StartChat, drafts: OwnDrafts, readAdapter: ReadAdapter) {
    this.#calls = calls;
    this.#startChat = startChat;
    this.#drafts = drafts;
    this.#readAdapter = readAdapter;
    callsOfModels.set(this, () => {
      this.#requireLive();
      return calls;
    });
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

  get contextLength(): number {
    return this.#calls.config.nCtx;
  }

  get bytes(): { readonly weights: number; readonly kvCache: number } {
    return this.#calls.state.bytes;
  }

  get tokenizer(): Tokenizer {
    return this.#calls.tokenizer ?? noTokenizer();
  }

  get adapters(): readonly string[] {
    return this.#calls.state.adapters;
  }

  async loadAdapter(source: ModelSource, options: LoadAdapterOptions = {}): Promise<string> {
    const { name, scale, merge, signal } = resolveOptions(loadAdapterOptions(), options);
    this.#requireLive();
    const { adapter, ...more } = await this.#readAdapter(source, this.config, signal);
    const pairs = adapter.pairs.map((pair) => ({ ...pair, scale: scale * pair.scale }));
    const usual = typeof source === 'string' || source instanceof URL ? String(source) : 'adapter';
    this.#requireLive();
    const parts = { adapter: { pairs }, ...more };
    if (!merge) return this.#calls.addAdapter(parts, { given: name, usual }, signal);
    await this.#calls.mergeAdapter(parts, signal);
    return name ?? usual;
  }

  async unloadAdapter(name: string): Promise<void> {
    checkArgument('name', name, filledText);
    this.#requireLive();
    return this.#calls.removeAdapter(name);
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(() => {
      const checked = checkGenerateOptions(options);
      this.#requireLive();
      return { signal: checked.signal, run: generationRun(this.#calls, prompt, checked, this.#drafts.load) };
    });
  }

  get chatFormat(): ChatFormat {
    return this.#calls.chatFormat ?? noChatFormat;
  }

  get generationDefaults(): GenerationDefaults {
    return this.#calls.generationDefaults;
  }

  chat(messages: readonly Message[], options: ChatOptions = {}): Chatting {
    return this.#startChat(this, messages, options);
  }

  forward(tokenIds: Uint32Array | readonly number[], options: CallOptions = {}): Promise<Float32Array> {
    return this.#query('forward', tokenIds, () => checkOptions(passOptions(), options));
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.#query('scoreBatch', inputs, () => checkOptions(scoreOptions(), options));
  }

  async embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return (await this.embedBatch([text], options))[0];
  }

  embedBatch(inputs: readonly Prompt[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    return this.#query('embedBatch', inputs, () => checkOptions(embedOptions(), options));
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.#query('inspect', prompt, () => checkOptions(inspectOptions(), options));
  }

  async classifyIds(tokenIds: Uint32Array | readonly number[], options: CallOptions = {}): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    options: CallOptions = {},
  ): Promise<Float32Array[]> {
    return this.#query('classifyIdsBatch', sequences, () => checkOptions(passOptions(), options));
  }

  dispose(): Promise<void> {
    this.#disposing ??= Promise.all([this.#calls.dispose(), this.#drafts.dispose()]).then(() => {});
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
