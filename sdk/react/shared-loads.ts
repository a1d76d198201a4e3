import { idle, type Load, type LoadState, SharedLoad } from './shared-load.ts';

/** Loads by their keys, shared by all components of a page. */
export class SharedLoads<Loaded> {
  readonly #dispose: (loaded: Loaded) => Promise<void>;
  readonly #loads = new Map<string, SharedLoad<Loaded>>();

  constructor(dispose: (loaded: Loaded) => Promise<void>) {
    this.#dispose = dispose;
  }

  /** The load of that key; the first who asks says how. */
  at(key: string, load: Load<Loaded>): SharedLoad<Loaded> {
    let shared = this.#loads.get(key);
    if (!shared) this.#loads.set(key, (shared = new SharedLoad(load, this.#dispose, () => this.#loads.delete(key))));
    return shared;
  }

  /** How far the load of that key is; looking makes none. */
  stateAt(key: string): LoadState<Loaded> {
    return this.#loads.get(key)?.get() ?? idle;
  }
}
