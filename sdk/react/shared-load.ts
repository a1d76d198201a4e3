import type { LoadProgress } from '../loading/load-options.ts';
import { Store } from './store.ts';

export type LoadStatus = 'idle' | 'loading' | 'ready' | 'error';

export interface LoadState<Loaded> {
  readonly status: LoadStatus;
  readonly loaded: Loaded | undefined;
  /** Of the load that runs or ran last. */
  readonly progress: LoadProgress | undefined;
  readonly error: Error | undefined;
}

/** What loads, once. */
export type Load<Loaded> = (hooks: {
  signal: AbortSignal;
  onProgress: (progress: LoadProgress) => void;
}) => Promise<Loaded>;

/** Nothing loads, nothing is loaded. */
export const idle: LoadState<never> = { status: 'idle', loaded: undefined, progress: undefined, error: undefined };

/**
 * How long in ms a load that runs, or an error, outlives its last user: React's StrictMode unmounts and mounts again at once, and the
 * page that comes next may want the same.
 */
const grace = 1000;
/** The longest that timers know, some 25 days. */
const longestTimer = 2 ** 31 - 1;

/** Something that is loaded once for all who use it, and aborted or disposed of a while after the last of them has gone. */
export class SharedLoad<Loaded> extends Store<LoadState<Loaded>> {
  readonly #load: Load<Loaded>;
  readonly #dispose: (loaded: Loaded) => Promise<void>;
  readonly #onClose: () => void;
  #users = 0;
  #keepMs = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<Loaded> | undefined;
  #suspended: Promise<void> | undefined;
  readonly #close = new AbortController();

  /** @param onClose is told when it has ended for good */
  constructor(load: Load<Loaded>, dispose: (loaded: Loaded) => Promise<void>, onClose: () => void) {
    super(idle);
    this.#load = load;
    this.#dispose = dispose;
    this.#onClose = onClose;
    this.#leave();
  }

  /** Counts a user. @param keepMs how long it stays loaded without one, at least @returns what ends the use */
  use(keepMs: number): () => void {
    this.#users++;
    this.#keepMs = Math.max(this.#keepMs, keepMs);
    clearTimeout(this.#leaving);
    return () => {
      if (--this.#users === 0) this.#leave();
    };
  }

  /** Loads it, unless it is there or on its way; after an error, anew. */
  load(): Promise<Loaded> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  /** What is loaded, for React's Suspense. @throws the error of the load; a promise of its end while it runs */
  read(keepMs: number): Loaded {
    const { loaded, status, error } = this.get();
    if (loaded) return loaded;
    if (status === 'error') throw error;
    this.#suspended ??= this.#hold(keepMs);
    throw this.#suspended;
  }

  async #begin(): Promise<Loaded> {
    const { signal } = this.#close;
    this.set({ ...idle, status: 'loading' });
    try {
      const loaded = await this.#load({
        signal,
        onProgress: (progress) => this.setSoon(() => ({ ...this.get(), progress })),
      });
      // Whoever loads may be too far to be aborted.
      if (signal.aborted) await this.#dispose(loaded);
      signal.throwIfAborted();
      this.set({ ...this.latest, status: 'ready', loaded });
      return loaded;
    } catch (error) {
      this.#loading = undefined;
      this.set({ ...this.latest, status: 'error', error: error as Error });
      throw error;
    } finally {
      if (this.#users === 0 && !signal.aborted) this.#leave();
    }
  }

  /** A component that suspends is not mounted: until the load has ended, this stands for it. */
  async #hold(keepMs: number): Promise<void> {
    const leave = this.use(keepMs);
    await undefined; // other components must not be told while this one renders
    await this.load().catch(() => {});
    this.#suspended = undefined;
    leave();
  }

  #leave(): void {
    clearTimeout(this.#leaving);
    const keepMs = this.get().loaded ? Math.min(this.#keepMs, longestTimer) : grace;
    this.#leaving = setTimeout(() => {
      this.#onClose();
      this.#close.abort();
      const { loaded } = this.get();
      if (loaded) this.#dispose(loaded).catch(() => {});
    }, keepMs);
  }
}
