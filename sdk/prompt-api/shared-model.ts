import { canRun } from '../api/can-run.ts';
import { loadModel } from '../api/load-model.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';
import type { Availability } from './dictionaries.ts';
import { isAtHand } from './is-at-hand.ts';

/** Loads a model when the first session is made. It may tell how far it is. */
export type LoadOnDemand = (options: { readonly onProgress: (progress: LoadProgress) => void }) => Promise<GptModel>;

type OnFraction = (fraction: number) => void;

/** The one model of all sessions: given, or loaded with the first of them. */
export class SharedModel {
  readonly #given: GptModel | ModelSource | LoadOnDemand;
  readonly #loadOptions: LoadOptions;
  readonly #watchers = new Set<OnFraction>();
  #loading: Promise<GptModel> | undefined;
  #loaded: GptModel | undefined;

  constructor(given: GptModel | ModelSource | LoadOnDemand, loadOptions: LoadOptions) {
    this.#given = given;
    this.#loadOptions = loadOptions;
    if (isModel(given)) this.#loaded = given;
  }

  /** @throws GptletError where it cannot be found out */
  async availability(): Promise<Availability> {
    if (this.#loaded) return 'available';
    if (this.#loading) return 'downloading';
    const source = this.#given;
    if (isModel(source) || typeof source === 'function') return 'downloadable';
    if (await isAtHand(source, this.#loadOptions)) return 'available';
    const { onProgress: _, signal: __, ...options } = this.#loadOptions;
    return (await canRun(source, options)).runs ? 'downloadable' : 'unavailable';
  }

  /** The model, loaded once for all who ask. A load that failed is tried again with the next. */
  async load(onFraction: OnFraction): Promise<GptModel> {
    if (this.#loaded) return this.#loaded;
    this.#watchers.add(onFraction);
    this.#loading ??= this.#begin();
    try {
      this.#loaded = await this.#loading;
      return this.#loaded;
    } finally {
      this.#watchers.delete(onFraction);
      this.#loading = undefined;
    }
  }

  #begin(): Promise<GptModel> {
    const given = this.#given;
    const onProgress = (progress: LoadProgress): void => {
      this.#loadOptions.onProgress?.(progress);
      for (const watch of this.#watchers) watch(progress.fraction);
    };
    if (typeof given === 'function') return given({ onProgress });
    return loadModel(given as ModelSource, { ...this.#loadOptions, onProgress });
  }

  /** Frees what was loaded from a source here; a model that was given is its owner's. */
  async dispose(): Promise<void> {
    if (isModel(this.#given) || typeof this.#given === 'function') return;
    const model = this.#loaded ?? (await this.#loading?.catch(() => undefined));
    this.#loaded = undefined;
    await model?.dispose();
  }
}

const isModel = (given: GptModel | ModelSource | LoadOnDemand): given is GptModel =>
  typeof given === 'object' && typeof (given as GptModel).chat === 'function';
