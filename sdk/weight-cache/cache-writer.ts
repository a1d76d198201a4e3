import { type CacheEntry, chunkName, sha256, writeEntry } from './cache-entry.ts';
import { cachedBytes, evictModels } from './cached-models.ts';
import type { WeightCache } from './weight-cache.ts';

/** Writes one model's files into a cache, within its budget, and gives up for good where it cannot. */
export class CacheWriter {
  readonly #cache: WeightCache;
  readonly #model: string;
  readonly #warn: (message: string) => void;
  #gaveUp: boolean = false;
  /** Bytes of all models, once counted. */
  #total: number | undefined;

  constructor(cache: WeightCache, model: string, warn: (message: string) => void) {
    this.#cache = cache;
    this.#model = model;
    this.#warn = warn;
  }

  /** Notes that a file was used now. */
  async touch(id: string, entry: CacheEntry): Promise<void> {
    entry.lastUsed = Date.now();
    await this.#attempt(0, () => writeEntry(this.#cache, id, entry));
  }

  /** Keeps a chunk and says so in its entry, in this order: a manifest never promises what is not there. */
  async keep(id: string, entry: CacheEntry, index: number, bytes: Uint8Array): Promise<void> {
    if (this.#gaveUp || !(await this.#withinBudget(bytes.length))) return;
    const hash = await sha256(bytes);
    const kept = await this.#attempt(bytes.length, async () => {
      await this.#cache.write(chunkName(id, index), bytes);
      const hashes = entry.hashes.map((known, at) => (at === index ? hash : known));
      await writeEntry(this.#cache, id, { ...entry, hashes });
      entry.hashes[index] = hash;
    });
    if (kept && this.#total !== undefined) this.#total += bytes.length;
  }

  async #withinBudget(bytes: number): Promise<boolean> {
    const { budgetBytes = Number.POSITIVE_INFINITY } = this.#cache;
    if (budgetBytes === Number.POSITIVE_INFINITY) return true;
    try {
      this.#total ??= await cachedBytes(this.#cache);
      const over = this.#total + bytes - budgetBytes;
      if (over > 0) this.#total -= await evictModels(this.#cache, over, this.#model);
      if (this.#total + bytes <= budgetBytes) return true;
      this.#giveUp(`it is larger than the cache's budget of ${budgetBytes} bytes`);
    } catch (error) {
      this.#giveUp((error as Error).message);
    }
    return false;
  }

  /** Tries once more after removing other models if the store is full. */
  async #attempt(bytes: number, write: () => Promise<void>): Promise<boolean> {
    if (this.#gaveUp) return false;
    try {
      await write();
      return true;
    } catch (error) {
      try {
        if (isFull(error) && (await evictModels(this.#cache, Math.max(bytes, 1), this.#model)) > 0) {
          this.#total = undefined;
          await write();
          return true;
        }
      } catch {
        // The first error says what went wrong.
      }
      this.#giveUp((error as Error).message);
      return false;
    }
  }

  #giveUp(why: string): void {
    // Files are kept side by side: the first that fails says it for all.
    if (this.#gaveUp) return;
    this.#gaveUp = true;
    this.#warn(`gptlet: ${this.#model} is not kept for the next load: ${why}. It is loaded all the same.`);
  }
}

function isFull(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'QuotaExceededError' || code === 'ENOSPC' || code === 'EDQUOT';
}
