import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { ModelSource } from '../model/model-source.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { CallOptions } from './call-options.ts';
import type { ChatModel, ChatOptions } from './chat-options.ts';
import type { Chatting } from './chatting.ts';
import type { ClassifierTasks } from './classifier-tasks.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { Generation } from './generation.ts';
import type { Message } from './message.ts';

/** Text, or token ids for those who tokenise themselves. */
export type Prompt = string | Uint32Array | readonly number[];

/**
 * How likely a text is. Logarithms are natural. The first token counts given the begin-of-text token
 * where the model has one, else it does not count. That token stands before a context too, which `generate` does not do:
 * the `logprobs` of its tokens differ a little.
 */
export interface Score {
  readonly logprob: number;
  readonly tokens: readonly { readonly tokenId: number; readonly text: string; readonly logprob: number }[];
  readonly perplexity: number;
  readonly bitsPerByte: number;
}

/** A text, or what of it is scored apart from what stands before. */
export type ScoreText = string | { readonly context: string; readonly continuation: string };

export interface ScoreOptions extends CallOptions {
  /**
   * Tokens by which the window moves over a text longer than the context; every token but the first
   * window's then has at least nCtx - stride tokens before it. @default nCtx / 2
   */
  stride?: number;
}

export interface EmbedOptions extends CallOptions {
  /** @default 'last' */
  pooling?: 'last' | 'mean';
  /** Scale to length 1. @default false */
  normalize?: boolean;
}

export interface InspectOptions extends CallOptions {
  /** @default true */
  attention?: boolean;
  /** @default true */
  hiddenStates?: boolean;
}

export interface LoadAdapterOptions {
  /** @default the source where that is a text or URL, else 'adapter'; with a number behind it where that is taken */
  name?: string;
  /** Factor on all that it adds: 0 is the model as it is, 1 the adapter as it was trained. @default 1 */
  scale?: number;
  /**
   * Into the weights, for every call from then on, in place of beside them, by name: nothing to compute any more, and no way back but to load
   * the model again. The weights are read once more, and quantised with the adapter in them; for a moment both models are in memory. Not while
   * other adapters are loaded. @default false
   */
  merge?: boolean;
  signal?: AbortSignal;
}

/** The inside of one forward pass. */
export interface Inspection {
  readonly tokenIds: Uint32Array;
  /** (L, NH, T, T), row-major; each row sums to 1. */
  readonly attention?: Float32Array;
  /** (L + 1, T, C): the embeddings, then after each block; the last one after the final norm. */
  readonly hiddenStates?: Float32Array;
}

/**
 * A loaded model. Calls may overlap: they are served one after the other. `classify`, `entail`, `similarity` and
 * `choose` are there when the checkpoint carries a fine-tuned head.
 */
export interface GptModel extends ChatModel, Partial<ClassifierTasks>, AsyncDisposable {
  /** Tells it from a server's (`connect`), which may stand in its place. */
  readonly place: 'here';
  readonly config: ModelConfig;
  /**
   * Where it runs. A GPU device that is lost (a reset driver, a GPU process that crashed) is replaced, and the running call
   * goes on with the same tokens: the weights are read again from where they came from, so files given as Blobs cost no
   * memory meanwhile. With `backend: 'auto'` a model that finds no other device moves to `'wasm'`; the running call then
   * rejects with DEVICE_LOST, later ones run there.
   */
  readonly backend: 'webgpu' | 'wasm';
  readonly dtype: Dtype;
  /** Most tokens that one sequence may hold, prompt and answer together: `config.nCtx` of the model as it was loaded. */
  readonly contextLength: number;
  /** Bytes held now. The KV cache takes more as it fills. */
  readonly bytes: { readonly weights: number; readonly kvCache: number };
  /** @throws GptletError BAD_TOKENIZER when the checkpoint came without one. */
  readonly tokenizer: Tokenizer;
  /** How the checkpoint turns a conversation into a prompt; without templates where it cannot. */
  readonly chatFormat: ChatFormat;
  /** What the checkpoint's generation_config.json says of options that are not given. */
  readonly generationDefaults: GenerationDefaults;
  /** Names of the adapters that calls may choose. */
  readonly adapters: readonly string[];
  /**
   * Loads a LoRA adapter in PEFT's layout (`adapter_config.json`, `adapter_model.safetensors`), which calls then choose by its name:
   * `generate(prompt, { adapter })`. Several may be there at once; a call without one runs the model as it is. The model stays as it was
   * loaded, quantised or not; the adapter is applied beside it in f32.
   *
   * @param source as for `loadModel`: a hub id, the address of a folder, or the files themselves
   * @returns its name
   * @throws GptletError MODEL_NOT_FOUND, NETWORK; UNSUPPORTED_MODEL for another kind of adapter (DoRA, trained embeddings);
   *   BAD_CHECKPOINT for one of another model; INVALID_OPTION for a name that is taken; OUT_OF_MEMORY, DISPOSED
   * @example
   * const adapter = await model.loadAdapter('someone/gpt2-haiku');
   * await model.generate('The moon', { adapter });
   */
  loadAdapter(source: ModelSource, options?: LoadAdapterOptions): Promise<string>;
  /** Frees an adapter, after the calls before this one. @throws GptletError INVALID_OPTION where there is none of that name */
  unloadAdapter(name: string): Promise<void>;
  /** Continues `prompt`. @throws (on await or iteration) GptletError INVALID_OPTION, CONTEXT_OVERFLOW, BAD_TOKENIZER, DISPOSED */
  generate(prompt: Prompt, options?: GenerateOptions): Generation;
  /**
   * Answers the last of `messages`, in the form that the checkpoint's template says; calls tools and runs them. Its code comes with
   * the first call.
   *
   * @throws (on await or iteration) GptletError INVALID_OPTION, CONTEXT_OVERFLOW, BAD_TOKENIZER, DISPOSED; BAD_CHECKPOINT for a
   *   template that fails
   */
  chat(messages: readonly Message[], options?: ChatOptions): Chatting;
  /** Next-token logits at every position, row-major (T, V), f32. */
  forward(tokenIds: Uint32Array | readonly number[], options?: CallOptions): Promise<Float32Array>;
  /** Log-probabilities of `text`, or of `continuation` given `context`. Longer texts than nCtx are scored in windows. */
  score(input: ScoreText, options?: ScoreOptions): Promise<Score>;
  /**
   * {@link score} of many, in order, as one batch: what all of them begin with goes through the model once.
   *
   * @example
   * const [cat, dog] = await model.scoreBatch(
   *   [' cat', ' dog'].map((continuation) => ({ context: 'The mouse ran from the', continuation })),
   * );
   */
  scoreBatch(inputs: readonly ScoreText[], options?: ScoreOptions): Promise<Score[]>;
  /** Final hidden state at the last token, or the mean over tokens, (C). */
  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  /** {@link embed} of many, in order, as one batch without padding: the same numbers as one by one, faster for short texts. */
  embedBatch(inputs: readonly Prompt[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** Attention and hidden states of one pass over `prompt`. */
  inspect(prompt: Prompt, options?: InspectOptions): Promise<Inspection>;
  /** Logits of the fine-tuned head, or of the adapter's, for one sequence, one per label. @throws GptletError UNSUPPORTED_MODEL without a head. */
  classifyIds(tokenIds: Uint32Array | readonly number[], options?: CallOptions): Promise<Float32Array>;
  /** {@link classifyIds} of many sequences of any lengths, in order, without padding; what all begin with goes through once. */
  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    options?: CallOptions,
  ): Promise<Float32Array[]>;
  /**
   * Frees weights, KV cache and, if the model made it, the worker, once the call that runs has ended (abort it, to be
   * quicker). Calls that wait for their turn and later ones reject with DISPOSED.
   */
  dispose(): Promise<void>;
}
