/** What every call that runs the model takes. */
export interface CallOptions {
  /** The name of an adapter of `loadAdapter`. @default none */
  adapter?: string;
  signal?: AbortSignal;
}
