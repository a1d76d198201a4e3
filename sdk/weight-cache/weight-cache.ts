/**
 * A place that keeps downloaded weights: small pieces of bytes under names of letters, digits, dots and
 * dashes. gptlet brings three (origin-private files, the Cache API, Node's file system); anything
 * that can keep bytes can be another. Pieces are checked by their SHA-256 when they are read back, so a
 * store need not be reliable, and a failing one costs a download, never a wrong model.
 */
export interface WeightCache {
  /** @returns undefined where there is no such piece */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps a piece whole or not at all; `bytes` may change once the promise has resolved. May throw a
   * `QuotaExceededError` (or Node's ENOSPC).
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
  /** Names of all pieces, in any order. */
  names(): Promise<string[]>;
  /** Most bytes to keep; the models used longest ago go first. @default Infinity */
  readonly budgetBytes?: number;
}
