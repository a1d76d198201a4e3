import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';
import { abortable } from '../platform/abortable.ts';
import { LoadLine } from './load-line.ts';
import type { Say } from './say.ts';
import { type Hold, shareLoad } from './shared-loads.ts';

/** An element ends its loads itself, and tells of progress by events. */
export type ElementLoadOptions = Omit<LoadOptions, 'signal' | 'onProgress'>;

export type LoadElementModel<Model> = (
  source: ModelSource | undefined,
  options: LoadOptions,
) => Promise<Model & { dispose(): Promise<void> }>;

/** An element that has its model loaded. */
export interface ElementModelHost<Model> {
  readonly element: HTMLElement & { readonly loadOptions: ElementLoadOptions | undefined };
  readonly source: ModelSource | undefined;
  readonly method: string;
  readonly load: LoadElementModel<Model>;
  /** Where it is shown how far a load is. */
  readonly line: HTMLElement;
  readonly say: Say;
  readonly announce: (text: string) => void;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** A model that is loaded for an element, from what its attributes `model`, `backend` and `dtype` say. */
export class ElementModel<Model extends object> {
  readonly #host: ElementModelHost<Model>;
  readonly #line: LoadLine;
  readonly #hold: Hold<Model>;
  /** It could not be loaded, or nobody wants it: the next call needs another. */
  isOver = false;

  constructor(host: ElementModelHost<Model>) {
    const { element, source, method, load, line } = host;
    this.#host = host;
    this.#line = new LoadLine(line);
    const { loadOptions } = element;
    const [backend, dtype] = ['backend', 'dtype'].map((name) => element.getAttribute(name) ?? undefined);
    const isNamed = loadOptions === undefined && (typeof source !== 'object' || source instanceof URL);
    const key = isNamed ? JSON.stringify([method, source ?? null, backend, dtype]) : undefined;
    const options = { ...loadOptions, ...(backend && { backend }), ...(dtype && { dtype }) } as LoadOptions;
    this.#hold = shareLoad(
      key,
      (own) => load(source, { ...options, ...own }),
      (progress) => this.#onProgress(progress),
    );
    this.#hold.loaded.catch(() => this.release());
  }

  /** @throws what loading throws; the signal's reason, though the load goes on then */
  ready(signal: AbortSignal): Promise<Model> {
    return abortable(this.#hold.loaded, signal);
  }

  /** A model whose worker died serves nobody any more. */
  failed(error: unknown): void {
    if (GptletError.isInstance(error) && error.code === 'WORKER_FAILED') this.release(true);
  }

  release(isDead = false): void {
    this.isOver = true;
    this.#line.hide();
    this.#hold.release(isDead);
  }

  #onProgress(progress: LoadProgress): void {
    const { line, say, announce } = this.#host;
    if (line.hidden && progress.stage !== 'ready') announce(say('start'));
    if (progress.stage === 'ready') this.#line.hide();
    else this.#line.show(progress, say);
    this.#host.onProgress(progress);
  }
}
