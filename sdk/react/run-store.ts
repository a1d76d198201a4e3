import { Store } from './store.ts';

/** 'submitted': asked for, nothing has come yet. */
export type RunStatus = 'ready' | 'submitted' | 'streaming' | 'error';

export interface RunState {
  readonly status: RunStatus;
  /** What the last run failed with. */
  readonly error: Error | undefined;
}

/** Shows what a run has made so far. It may be called with every token. */
export type Show<Value> = (value: () => Partial<Value>) => void;

/** What runs make, one at a time: a new run stops the one before. An abort is no error, and what came until then stays. */
export class RunStore<Value extends object> extends Store<Value & RunState> {
  readonly #settle: (value: Value) => Value;
  #running: AbortController | undefined;

  /** @param settle makes whole what a run left that was stopped or failed */
  constructor(value: Value, settle: (value: Value) => Value = (left) => left) {
    super({ ...value, status: 'ready', error: undefined });
    this.#settle = settle;
  }

  /**
   * @param value what there is until the run shows something
   * @returns what `work` did; undefined where it failed, which the state tells, or was stopped
   */
  async run<Result>(
    value: Partial<Value>,
    work: (signal: AbortSignal, show: Show<Value>) => Promise<Result>,
  ): Promise<Result | undefined> {
    this.stop();
    const run = new AbortController();
    this.#running = run;
    this.set({ ...this.get(), ...value, status: 'submitted', error: undefined });
    try {
      const result = await work(run.signal, (shown) => {
        // Tokens of a run that was stopped may still be on their way.
        if (this.#running === run) this.setSoon(() => ({ ...this.get(), ...shown(), status: 'streaming' }));
      });
      if (this.#running !== run) return undefined;
      this.#end(this.latest, { status: 'ready', error: undefined });
      return result;
    } catch (error) {
      if (this.#running === run) this.#end(this.#settled(), { status: 'error', error: error as Error });
      return undefined;
    }
  }

  /** Ends the run at once, for whoever looks: its model needs up to a token more. */
  readonly stop = (): void => {
    const run = this.#running;
    if (!run) return;
    this.#end(this.#settled(), { status: 'ready', error: undefined });
    run.abort();
  };

  /** Puts a value there, in the place of what a run is making. */
  put(value: Partial<Value>): void {
    this.stop();
    this.set({ ...this.get(), ...value });
  }

  #settled(): Value & RunState {
    const left = this.latest;
    return { ...left, ...this.#settle(left) };
  }

  #end(value: Value & RunState, state: RunState): void {
    this.#running = undefined;
    this.set({ ...value, ...state });
  }
}
