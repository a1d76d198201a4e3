import { GptletError } from '../../errors/gptlet-error.ts';
import { checkSlot } from '../check-input.ts';
import {
  blockPositions,
  initialCapacity,
  type KvPlace,
  type LayerCache,
  largestCapacity,
  placeCache,
  roundUp,
} from './kv-layout.ts';
import { growModelMemory, mostBytes, outOfMemory } from './model-memory.ts';
import type { WasmModel } from './wasm-model.ts';

/** What a slot holds. */
interface Slot {
  /** Tokens, of which layers with a window keep the last. */
  length: number;
  /** Per layer: the first position that it has. */
  readonly bases: number[];
}

/**
 * The key-value cache of a model: slots at the end of its memory, which grow together as they fill. Growing moves what is there
 * within the memory, from the back; layers with a window move it to the front of their part when that is full.
 */
export class KvCache {
  readonly #model: WasmModel;
  readonly #slots: Slot[] = [];
  #place: KvPlace;

  /** @throws GptletError OUT_OF_MEMORY */
  constructor(model: WasmModel) {
    this.#model = model;
    this.#place = placeCache(model.layout.cache, initialCapacity(model.config.nCtx));
    this.reserve(1);
    this.#describe();
  }

  /** Bytes of all slots as they are now. */
  get bytes(): number {
    return this.#slots.length * this.#place.slotBytes;
  }

  /** Address behind the last slot. */
  get end(): number {
    return this.#place.slots + this.bytes;
  }

  /** Makes sure that there are so many slots. */
  reserve(count: number): void {
    if (count <= this.#slots.length) return;
    this.#grow(count, this.#place);
    while (this.#slots.length < count) this.#slots.push({ length: 0, bases: this.#layers.map(() => 0) });
  }

  /** Whether a slot has all that a token at `position` attends to. */
  reaches(position: number, slot: number): boolean {
    const { bases } = this.#slotAt(slot);
    return position === 0 || this.#layers.every((layer, i) => bases[i] <= firstSeen(layer, position));
  }

  /**
   * Before a pass of `tokens` tokens from `position` on: makes room for them, without losing what precedes them, and tells
   * the kernels where it is.
   *
   * @throws GptletError OUT_OF_MEMORY; what was there is kept
   */
  enter(slot: number, position: number, tokens: number): void {
    const { bases } = this.#slotAt(slot);
    if (!this.reaches(position, slot)) {
      throw new GptletError(
        'INVALID_OPTION',
        `Slot ${slot} no longer holds what the token at position ${position} attends to. Begin again at position 0.`,
      );
    }
    this.#ensure(position + tokens, tokens);
    if (position === 0) bases.fill(0);
    for (const [i, { positions }] of this.#place.layers.entries()) {
      if (position + tokens - bases[i] > positions) this.#moveWindow(slot, i, position);
    }
    // What stands behind is of another text.
    this.#slotAt(slot).length = position + tokens;
    this.#model.set('kv', this.#place.slots + slot * this.#place.slotBytes);
    for (const [i, base] of bases.entries()) this.#model.describeLayer(i, { base });
  }

  /** After a pass over several sequences: a slot holds what precedes them. */
  leave(slot: number, position: number): void {
    this.#slotAt(slot).length = position;
  }

  /** Copies the first `tokens` positions of one slot to another; a few more do no harm. */
  copy(from: number, to: number, tokens: number): void {
    const source = this.#slotAt(from);
    const target = this.#slotAt(to);
    if (from === to) return;
    target.length = tokens;
    const bytes = new Uint8Array(this.#model.memory.buffer);
    const distance = (to - from) * this.#place.slotBytes;
    for (const [i, { streams }] of this.#layers.entries()) {
      target.bases[i] = source.bases[i];
      const count = this.#held(i, tokens - source.bases[i]);
      let at = this.#partOf(from, i);
      for (const width of streams) {
        bytes.copyWithin(at + distance, at, at + count * width);
        at += this.#place.layers[i].positions * width;
      }
    }
  }

  get #layers(): readonly LayerCache[] {
    return this.#model.layout.cache.layers;
  }

  #slotAt(slot: number): Slot {
    checkSlot(slot, this.#slots.length);
    return this.#slots[slot];
  }

  /** Address of a layer's part of a slot. */
  #partOf(slot: number, layer: number, { slots, slotBytes, layers }: KvPlace = this.#place): number {
    return slots + slot * slotBytes + layers[layer].cache;
  }

  /** Whole blocks for `positions` positions of a layer. */
  #held(layer: number, positions: number): number {
    return Math.min(this.#place.layers[layer].positions, roundUp(Math.max(0, positions), blockPositions));
  }

  /** Moves what a token at `position` and later ones attend to to the front of a layer. */
  #moveWindow(slot: number, index: number, position: number): void {
    const layer = this.#layers[index];
    const { bases } = this.#slots[slot];
    const seen = firstSeen(layer, position);
    const base = seen - (seen % blockPositions);
    const skipped = base - bases[index];
    const count = this.#held(index, position - base);
    const bytes = new Uint8Array(this.#model.memory.buffer);
    let at = this.#partOf(slot, index);
    for (const width of layer.streams) {
      bytes.copyWithin(at, at + skipped * width, at + (skipped + count) * width);
      at += this.#place.layers[index].positions * width;
    }
    bases[index] = base;
  }

  /** Room for `positions` positions, of which `tokens` in one go. */
  #ensure(positions: number, tokens: number): void {
    const { cache } = this.#model.layout;
    const { capacity, tokens: most } = this.#place;
    const together = Math.max(most, tokens);
    if (positions <= capacity && together === most) return;
    const needed = Math.max(capacity, roundUp(positions, blockPositions));
    const generous = Math.min(roundUp(this.#model.config.nCtx, blockPositions), roundUp(capacity * 1.5, 256));
    const count = this.#slots.length;
    try {
      this.#grow(count, placeCache(cache, Math.max(needed, positions > capacity ? generous : 0), together));
    } catch (error) {
      if (generous <= needed) throw error;
      this.#grow(count, placeCache(cache, needed, together));
    }
  }

  /** Makes the memory large enough for `count` slots at another place, and moves what the slots hold there. */
  #grow(count: number, next: KvPlace): void {
    const last = this.#place;
    const end = next.slots + count * next.slotBytes;
    const { memory, layout, config } = this.#model;
    if (!growModelMemory(memory, end)) {
      const limit = end > mostBytes ? mostBytes : memory.buffer.byteLength;
      const fits = largestCapacity(layout.cache, count, config.nCtx, limit);
      throw outOfMemory(
        end,
        `this model and ${count === 1 ? 'a sequence' : `${count} sequences`} of ${next.capacity} tokens`,
        `${fits} tokens would fit. Keep texts shorter than that, dispose other models, or load this one with a smaller dtype.`,
      );
    }
    if (next === last) return;
    const bytes = new Uint8Array(memory.buffer);
    // Nothing moves to a smaller address, so that from the back nothing is written over before it is moved.
    for (let slot = this.#slots.length - 1; slot >= 0; slot--) {
      for (let layer = this.#layers.length - 1; layer >= 0; layer--) {
        const { streams, positionBytes } = this.#layers[layer];
        const count = this.#held(layer, this.#slots[slot].length - this.#slots[slot].bases[layer]);
        let before = positionBytes;
        for (const width of [...streams].reverse()) {
          before -= width;
          const from = this.#partOf(slot, layer) + last.layers[layer].positions * before;
          const to = this.#partOf(slot, layer, next) + next.layers[layer].positions * before;
          bytes.copyWithin(to, from, from + count * width);
        }
      }
    }
    this.#place = next;
    this.#describe();
  }

  /** Tells the kernels where everything is. */
  #describe(): void {
    const { layout } = this.#model;
    const { contextStride, scoresBytes, weightsOffset, layers } = this.#place;
    this.#model.describe({ scores: layout.cache.start, contextStride, scoresBytes, weightsOffset });
    for (const [i, place] of layers.entries()) this.#model.describeLayer(i, place);
  }
}

/** The first position that a token at `position` attends to. */
const firstSeen = ({ window }: LayerCache, position: number): number =>
  window === 0 ? 0 : Math.max(0, position - window + 1);
