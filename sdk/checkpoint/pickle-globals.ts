/**
 * What a pickle may refer to by name: anything else is refused. A global is called with arguments
 * (pickle's REDUCE) or stands as a value.
 */
export interface PickleGlobals {
  /** @throws for a name that is not allowed. */
  find(module: string, name: string): unknown;
  /** The value of a call; throws for a callee that is not to be called. */
  call(callee: unknown, args: readonly unknown[]): unknown;
  /** The value of a persistent id: torch refers to storages so. */
  persistent(id: unknown): unknown;
}
