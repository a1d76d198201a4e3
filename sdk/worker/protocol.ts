import type { AutomatonStates } from '../constraint/automaton.ts';
import type { ConstraintSpec } from '../constraint/compile-constraint.ts';
import type { CheckedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel, Prompt } from '../loaded-model/gpt-model.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import type { ModelConfig } from '../model/config.ts';
import type { TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import type { PageServices } from './by-page/page-services.ts';
import type { Outcome } from './outcome.ts';

/** A model source in which every URL is an absolute address: URL objects cannot be cloned, and a Blob worker has no base. */
export type CloneableSource =
  | string
  | { readonly [file: string]: Blob | ArrayBuffer | Uint8Array | { readonly url: string } };

/** Load options without what cannot be cloned. */
export type CloneableLoadOptions = Omit<LocalLoadOptions, 'signal' | 'onProgress' | 'cache'> & {
  readonly cache: boolean;
};

/** A cache of the caller's own, which stays on the caller's side: a Comlink proxy of its calls. */
export type CacheCalls = Pick<WeightCache, 'read' | 'write' | 'remove' | 'names'>;

/** What a call may change of a model: beams need a larger KV cache, and a lost GPU may end in another backend. */
export type ModelState = Pick<GptModel, 'backend' | 'dtype' | 'bytes'>;

/** What the page needs to know of a model that lives in the worker. */
export interface ModelInfo extends ModelState {
  readonly id: number;
  readonly config: ModelConfig;
  /** So that the page restores in a millisecond what the worker has built. */
  readonly tokenizer: TokenizerSnapshot | undefined;
}

/** Calls that only ask and answer. The options travel without their signal. */
export type Queries = Pick<GptModel, 'forward' | 'scoreBatch' | 'embed' | 'inspect' | 'classifyIdsBatch'>;

/** What comes down a call's port: news while it runs, last of all the outcome and how the model is then. One port keeps the order. */
export type PortMessage<News, T> =
  | { readonly news: News }
  | { readonly outcome: Outcome<T>; readonly state: ModelState | undefined };

/** What a worker says of itself. */
export interface Greeting {
  readonly version: string;
  /** A Web Lock that the worker holds as long as it lives; undefined where there are none. */
  readonly lifeLock: string | undefined;
}

/**
 * The worker's side of the boundary, exposed through Comlink, as far as generating goes. Every call brings a port on which
 * {@link PortMessage}s come down without an acknowledgement each; any message up on it aborts the call.
 */
export interface GeneratorCalls {
  /** The handshake: proves that the script runs, and of which version it is. It brings what the page does for the worker. */
  hello(page: PageServices): Promise<Greeting>;
  /** News: GenerationPart. Outcome: GenerationResult. */
  generate(id: number, prompt: Prompt, options: Omit<CheckedGenerateOptions, 'signal'>, port: MessagePort): void;
  /** No news, no value. */
  dispose(id: number, port: MessagePort): void;
}

/** A worker that holds what `generate()` with the embedded model needs. */
export interface EmbeddedHost extends GeneratorCalls {
  /** News: LoadProgress. Outcome: {@link ModelInfo} without a tokenizer. `source` holds addresses only. */
  load(source: CloneableSource, options: CloneableLoadOptions, port: MessagePort): void;
}

/** A worker for every model and every call. */
export interface Host extends GeneratorCalls {
  /** News: LoadProgress. Outcome: {@link ModelInfo}. */
  load(
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
    cache?: CacheCalls,
    cacheBudgetBytes?: number,
  ): void;
  /** No news. Outcome: what the query returns. */
  query<K extends keyof Queries>(id: number, name: K, args: Parameters<Queries[K]>, port: MessagePort): void;
}

/** The worker that compiles constraints. */
export interface ConstraintHost {
  hello(): Promise<Greeting>;
  compile(spec: ConstraintSpec): Promise<Outcome<AutomatonStates>>;
}
