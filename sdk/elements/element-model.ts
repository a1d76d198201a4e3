import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';
import { abortable } from '../platform/abortable.ts';
import { type Hold, shareLoad } from './shared-loads.ts';

/** An element ends its loads itself, and tells of progress by events. */
export type ElementLoadOptions = Omit<LoadOptions, 'signal' | 'onProgress'>;

export type LoadElementModel<Model> = (
  source: ModelSource | undefined,
  options: LoadOptions,
) => Promise<Model & { dispose(): Promise<void> }>;

/**
 * The model of one element: an object that the page gave, or one that is loaded when it is first wanted, by the attributes `model`,
 * `backend` and `dtype`.
 */
export class ElementModel<Model extends object> {
  readonly #host: HTMLElement & { readonly loadOptions: ElementLoadOptions | undefined };
  readonly #method: keyof Model & string;
  readonly #load: LoadElementModel<Model>;
  readonly #onProgress: (progress: LoadProgress) => void;
  #given: ModelSource | Model | undefined;
  #hold: Hold<Model> | undefined;

  /** @param method by which an object is told from a record of files */
  constructor(
    host: HTMLElement & { readonly loadOptions: ElementLoadOptions | undefined },
    method: keyof Model & string,
    load: LoadElementModel<Model>,
    onProgress: (progress: LoadProgress) => void,
  ) {
    this.#host = host;
    this.#method = method;
    this.#load = load;
    this.#onProgress = onProgress;
  }

  /** What was given, or the attribute; undefined: the embedded one, where there is one for the task. */
  get source(): ModelSource | Model | undefined {
    return this.#given ?? this.#host.getAttribute('model') ?? undefined;
  }

  set source(source: ModelSource | Model | undefined) {
    this.#given = source;
    this.release();
  }

  /** @throws what loading throws; the signal's reason, though the load goes on then */
  async ready(signal: AbortSignal): Promise<Model> {
    const { source } = this;
    if (typeof source === 'object' && this.#method in source) return source as Model;
    const hold = (this.#hold ??= this.#begin(source as ModelSource | undefined));
    // What failed is tried anew by the next call.
    hold.loaded.catch(() => hold === this.#hold && this.release());
    return abortable(hold.loaded, signal);
  }

  /** A model whose worker died serves nobody: the next call loads it again. */
  failed(error: unknown): void {
    if (GptletError.isInstance(error) && error.code === 'WORKER_FAILED') this.release(true);
  }

  release(isDead = false): void {
    this.#hold?.release(isDead);
    this.#hold = undefined;
  }

  #begin(source: ModelSource | undefined): Hold<Model> {
    const { loadOptions } = this.#host;
    const [backend, dtype] = ['backend', 'dtype'].map((name) => this.#host.getAttribute(name) ?? undefined);
    const isNamed = loadOptions === undefined && (typeof source !== 'object' || source instanceof URL);
    const key = isNamed ? JSON.stringify([this.#method, source ?? null, backend, dtype]) : undefined;
    const options = { ...loadOptions, ...(backend && { backend }), ...(dtype && { dtype }) } as LoadOptions;
    return shareLoad(key, (own) => this.#load(source, { ...options, ...own }), this.#onProgress);
  }
}
