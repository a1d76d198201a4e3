import { yieldToEventLoop } from '../platform/event-loop.ts';

/** Work in a page's own thread goes on for this long at most before others get their turn: half a frame. */
const mostMs = 8;

/** Keeps long work from being in anybody's way: gives others their turn, and stops for an abort or a pause. */
export class Pacer {
  readonly #signal: AbortSignal;
  #since: number = performance.now();
  #paused: Promise<void> | undefined;
  #resume: () => void = () => {};
  #onChange: (isPaused: boolean) => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time to {@link rest}. */
  get isDue(): boolean {
    return this.#paused !== undefined || performance.now() - this.#since > mostMs;
  }

  get isPaused(): boolean {
    return this.#paused !== undefined;
  }

  /** Tells one that works elsewhere, now where it is paused already and with every change. */
  watch(onChange: (isPaused: boolean) => void): void {
    this.#onChange = onChange;
    if (this.isPaused) onChange(true);
  }

  /** Lets others have their turn, paused or not. @throws the signal's reason once it is aborted */
  async giveWay(): Promise<void> {
    await yieldToEventLoop();
    this.#signal.throwIfAborted();
    this.#since = performance.now();
  }

  /** Lets others have their turn; while it is paused, returns only when that ends. @throws the signal's reason once it is aborted */
  async rest(): Promise<void> {
    await yieldToEventLoop();
    while (this.#paused && !this.#signal.aborted) await this.#paused;
    this.#signal.throwIfAborted();
    this.#since = performance.now();
  }

  pause(): void {
    if (this.#paused) return;
    this.#onChange(true);
    this.#paused = new Promise((resolve) => {
      const end = (): void => {
        this.#signal.removeEventListener('abort', end);
        resolve();
      };
      this.#signal.addEventListener('abort', end, { once: true });
      this.#resume = end;
    });
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = undefined;
    this.#resume();
    this.#onChange(false);
  }
}
