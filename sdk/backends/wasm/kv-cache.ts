import { checkReach, checkSlot } from '../check-input.ts';
import {
  blockPositions,
  initialCapacity,
  type KvPlace,
  type KvPlan,
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

/** A layer's part of a slot: where it is, and for how many positions each of its streams has room. */
interface SlotPart {
  readonly address: number;
  readonly positions: number;
}

/**
 * The key-value cache of a model: slots at the end of its memory, which grow together as they fill. Growing moves what is there
 * within the memory, from the back; layers with a window move it to the front of their part when that is full.
 */
export class KvCache {
  readonly #model: WasmModel;
  readonly #slots: Slot[] = [];
  #plan: KvPlan;
  #place: KvPlace;

  /** @throws GptletError OUT_OF_MEMORY */
  constructor(model: WasmModel) {
    this.#model = model;
    this.#plan = model.layout.cache;
    this.#place = placeCache(this.#plan, initialCapacity(model.config.nCtx));
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

  /**
   * Makes way for `bytes` of something else where the slots begin, a multiple of 64, and returns the address.
   *
   * @param purpose what the memory is for, all in all
   * @throws GptletError OUT_OF_MEMORY; what was there is kept
   */
  makeWay(bytes: number, purpose: string): number {
    const { start } = this.#plan;
    const plan = { ...this.#plan, start: start + bytes };
    const end = this.end + bytes;
    if (!growModelMemory(this.#model.memory, end)) {
      throw outOfMemory(
        end,
        purpose,
        'Unload other adapters, dispose other models, or load this one with a smaller dtype.',
      );
    }
    this.#grow(this.#slots.length, { ...this.#place, slots: plan.start });
    this.#plan = plan;
    return start;
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
    checkReach(this.reaches(position, slot), position);
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
    for (const [i, base] of source.bases.entries()) {
      target.bases[i] = base;
      this.#move(i, this.#partOf(from, i), this.#partOf(to, i), this.#held(i, tokens - base));
    }
  }

  get #layers(): readonly LayerCache[] {
    return this.#plan.layers;
  }

  #slotAt(slot: number): Slot {
    checkSlot(slot, this.#slots.length);
    return this.#slots[slot];
  }

  #partOf(slot: number, layer: number, { slots, slotBytes, layers }: KvPlace = this.#place): SlotPart {
    const { cache, positions } = layers[layer];
    return { address: slots + slot * slotBytes + cache, positions };
  }

  /** Moves `count` positions of a layer, from the one after `skipped` on, to the front of another part or of the same. */
  #move(layer: number, from: SlotPart, to: SlotPart, count: number, skipped = 0): void {
    const bytes = new Uint8Array(this.#model.memory.buffer);
    const { streams, positionBytes } = this.#layers[layer];
    let before = positionBytes;
    // From the back, so that no stream is written over before it is moved.
    for (const width of [...streams].reverse()) {
      before -= width;
      const start = from.address + from.positions * before + skipped * width;
      bytes.copyWithin(to.address + to.positions * before, start, start + count * width);
    }
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
    const part = this.#partOf(slot, index);
    this.#move(index, part, part, this.#held(index, position - base), base - bases[index]);
    bases[index] = base;
  }

  /** Room for `positions` positions, of which `tokens` in one go. */
  #ensure(positions: number, tokens: number): void {
    const cache = this.#plan;
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
    const end = next.slots + count * next.slotBytes;
    const { memory, config } = this.#model;
    if (!growModelMemory(memory, end)) {
      const limit = end > mostBytes ? mostBytes : memory.buffer.byteLength;
      const fits = largestCapacity(this.#plan, count, config.nCtx, limit);
      throw outOfMemory(
        end,
        `this model and ${count === 1 ? 'a sequence' : `${count} sequences`} of ${next.capacity} tokens`,
        `${fits} tokens would fit. Keep texts shorter than that, dispose other models, or load this one with a smaller dtype.`,
      );
    }
    if (next === this.#place) return;
    // Nothing moves to a smaller address, so that from the back nothing is written over before it is moved.
    for (let slot = this.#slots.length - 1; slot >= 0; slot--) {
      for (let layer = this.#layers.length - 1; layer >= 0; layer--) {
        const { length, bases } = this.#slots[slot];
        this.#move(
          layer,
          this.#partOf(slot, layer),
          this.#partOf(slot, layer, next),
          this.#held(layer, length - bases[layer]),
        );
      }
    }
    this.#place = next;
    this.#describe();
  }

  /** Tells the kernels where everything is. */
  #describe(): void {
    for (const [i, place] of this.#place.layers.entries()) this.#model.describeLayer(i, place);
  }
}

/** The first position that a token at `position` attends to. */
const firstSeen = ({ window }: LayerCache, position: number): number =>
  window === 0 ? 0 : Math.max(0, position - window + 1);
