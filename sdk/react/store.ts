import { nextFrame } from './next-frame.ts';

/**
 * A state that changes and tells whoever listens: what React's `useSyncExternalStore` reads, and any framework can. A state is
 * never changed in place, a new one takes its place.
 */
export class Store<State> {
  readonly #listeners = new Set<() => void>();
  #state: State;
  #next: (() => State) | undefined;
  #cancel: () => void = () => {};

  constructor(state: State) {
    this.#state = state;
  }

  /** The state as it was told last. */
  readonly get = (): State => this.#state;

  /** @returns what ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The state as it will be told next. */
  get latest(): State {
    return this.#next ? this.#next() : this.#state;
  }

  /** Tells a state at once. */
  set(state: State): void {
    this.#cancel();
    this.#next = undefined;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** Tells with the next frame what `next` is by then, so that what changes with every token is rendered once a frame. */
  setSoon(next: () => State): void {
    if (!this.#next) this.#cancel = nextFrame(() => this.set(this.latest));
    this.#next = next;
  }
}
