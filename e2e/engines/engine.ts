/** What the tests need of a browser, whoever drives it. */
export interface Engine {
  /** Name and version, as the driver tells. */
  readonly version: string;
  /** A page of its own, with nothing kept from others where the engine can do that. */
  newPage(): Promise<EnginePage>;
  close(): Promise<void>;
}

/** One page. */
export interface EnginePage {
  goto(url: string): Promise<void>;
  /** Runs a self-contained function in the page and resolves with what it resolves with. */
  evaluate<T, A>(run: (argument: A) => Promise<T>, argument: A): Promise<T>;
  close(): Promise<void>;
}
