import type { GgufContents, ReadFileBytes } from '../checkpoint/gguf/gguf-contents.ts';
import type { FileSource } from '../checkpoint/sources/file-source.ts';
import type { StoredTensor } from '../checkpoint/weight-file.ts';
import type { ConstraintCalls } from '../constraint/constraint-calls.ts';
import type { VocabularyBytes } from '../constraint/vocabulary-bytes.ts';
import type { ResolvedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { AdapterName, ModelState, QueryName } from '../loaded-model/model-calls.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import type { Surroundings } from '../loading/surroundings.ts';
import type { AdapterParts } from '../model/adapter.ts';
import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import type { EncodedError, Outcome } from './outcome.ts';
import type { TakePart } from './sent-part.ts';

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

/** What the page needs to know of a model that lives in the worker. */
export interface ModelInfo {
  readonly id: number;
  readonly config: ModelConfig;
  readonly generationDefaults: GenerationDefaults;
  readonly chatFormat: ChatFormat | undefined;
  readonly state: ModelState;
  /** So that the page restores in a millisecond what the worker has built. */
  readonly tokenizer: TokenizerSnapshot | undefined;
}

/** What comes down a call's port: news while it runs, last of all the outcome and how the model is then. One port keeps the order. */
export type PortMessage<News, T> =
  | { readonly news: News }
  | { readonly outcome: Outcome<T>; readonly state: ModelState | undefined };

/**
 * What a worker has its page do. A worker is one file, which bundlers do not split, so code that few models and few
 * calls need would be everybody's burden there. The page loads it by a dynamic import when it is needed, and posts back
 * what it made, as data.
 */
export type PageServices = {
  readonly [Name in
    | 'loadKernels'
    | 'loadRareShaders'
    | 'loadEveryKind'
    | 'readTokenizerParts'
    | 'loadQuantiser'
    | 'readLaterConfig']: Answered<Surroundings[Name]>;
} & {
  warn(message: string): Promise<void>;
  /** Has {@link ConstraintPort} answer on a port, from a worker of its own; `onFailure` is called should that one end. */
  connectConstraints(
    vocabulary: VocabularyBytes,
    port: MessagePort,
    onFailure: (error: EncodedError) => Promise<void>,
  ): Promise<Outcome<void>>;
  /** `read` gives bytes `start … end` of the file, which the worker has open. */
  readTorchTensors(
    location: string,
    size: number,
    read: (start: number, end: number) => Promise<Uint8Array>,
  ): Promise<Outcome<readonly StoredTensor[]>>;
  /** `read` reads the worker's files. */
  readGguf(name: string, read: Answered<ReadFileBytes>, list: FileSource['list']): Promise<Outcome<GgufContents>>;
};

/** The same call, whose error is a value. */
type Answered<Call> = Call extends (...args: infer Args) => Promise<infer T>
  ? (...args: Args) => Promise<Outcome<T>>
  : never;

/** What a worker says of itself. */
export interface Greeting {
  readonly version: string;
  /** A Web Lock that the worker holds as long as it lives; undefined where there are none. */
  readonly lifeLock: string | undefined;
}

/**
 * The worker's side of the boundary, exposed through Comlink. Every call brings a port on which {@link PortMessage}s come down
 * without an acknowledgement each; any message up on it aborts the call.
 */
export interface Host {
  /** The handshake: proves that the script runs, and of which version it is. It brings what the page does for the worker. */
  hello(page: PageServices): Promise<Greeting>;
  /** News: LoadProgress. Outcome: {@link ModelInfo}. */
  load(
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
    cache?: CacheCalls,
    cacheBudgetBytes?: number,
  ): void;
  /** News: GenerationPart. Outcome: GenerationResult. */
  generate(id: number, prompt: Prompt, options: ResolvedGenerateOptions, port: MessagePort): void;
  /** No news. Outcome: the adapter's name. */
  addAdapter(id: number, parts: AdapterParts, name: AdapterName, port: MessagePort): void;
  /** No news, no value. */
  mergeAdapter(id: number, parts: AdapterParts, port: MessagePort): void;
  /** No news, no value. */
  removeAdapter(id: number, name: string, port: MessagePort): void;
  /** Has a model answer to `DraftQuestion`s on a port, which another model holds the other end of. */
  serveDrafts(id: number, port: MessagePort): void;
  /** No news. Outcome: what the query returns. */
  query(id: number, name: QueryName, input: unknown, options: object, port: MessagePort): void;
  /** No news, no value. Every part goes to `onPart`, a Comlink proxy, and the next one when it has answered. */
  readWeights(id: number, onPart: TakePart, port: MessagePort): void;
  /** No news. Outcome: {@link ModelFiles}. */
  readFiles(id: number, port: MessagePort): void;
  /** No news, no value. */
  dispose(id: number, port: MessagePort): void;
}

/** The worker that follows constraints, for every model of its page. */
export interface ConstraintHost {
  hello(): Promise<Greeting>;
  /** Answers calls for a vocabulary on a port, which comes from the model's worker. */
  connect(vocabulary: VocabularyBytes, port: MessagePort): Promise<void>;
}

/** Calls of constraints over a port. */
export type ConstraintPort = { readonly [Name in keyof ConstraintCalls]: Answered<ConstraintCalls[Name]> };
