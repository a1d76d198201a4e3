import { dropoutRandom } from '../../gradients/dropout-random.ts';
import { seededRandom } from '../../platform/seeded-random.ts';

/**
 * Which items an update learns from: every epoch goes through all of them in an order of its own, which the seed and the epoch say alone,
 * so that a run that goes on after a crash finds its place. The last update of an epoch may have fewer.
 */
export class BatchOrder {
  readonly #items: number;
  readonly #batchSize: number;
  readonly #seed: number;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array(0);

  constructor(items: number, batchSize: number, seed: number) {
    this.#items = items;
    this.#batchSize = batchSize;
    this.#seed = seed;
  }

  /** Updates that one epoch takes. */
  get updates(): number {
    return Math.ceil(this.#items / this.#batchSize);
  }

  /** Numbers of the items of update `step`, which counts from 0. */
  batch(step: number): Uint32Array {
    const epoch = Math.floor(step / this.updates);
    if (epoch !== this.#epoch) this.#order = shuffled(this.#items, dropoutRandom(this.#seed, epoch, 0));
    this.#epoch = epoch;
    const first = (step % this.updates) * this.#batchSize;
    return this.#order.slice(first, first + this.#batchSize);
  }

  /** Epochs after `steps` updates, as a fraction. */
  epochsAfter(steps: number): number {
    const inEpoch = Math.min((steps % this.updates) * this.#batchSize, this.#items);
    return Math.floor(steps / this.updates) + inEpoch / this.#items;
  }
}

/** 0 … count - 1 in a random order (Fisher and Yates). */
function shuffled(count: number, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
