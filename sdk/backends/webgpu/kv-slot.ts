import { checkReach } from '../check-input.ts';
import { storageBuffer } from './buffers.ts';
import { firstCapacity, type LayerLayout } from './cache-layout.ts';
import type { GpuDevice } from './gpu-device.ts';
import { structOffsets } from './layouts.gen.ts';

/** Where one layer's rows lie: `capacity` rows of keys, then as many of values, from position `base` on. */
interface Extent {
  readonly capacity: number;
  readonly base: number;
}

/** One layer's cache of one sequence. */
interface LayerCache extends Extent {
  readonly buffer: GPUBuffer;
  /** Settings of shaders/parts/settings.wgsl. */
  readonly settings: GPUBuffer;
}

/**
 * One sequence's KV cache, a buffer a layer. It grows as it fills, by doubling; a layer with a window that has grown enough drops
 * what is far behind instead.
 */
export class KvSlot {
  readonly #gpu: GpuDevice;
  readonly #layout: readonly LayerLayout[];
  #layers: readonly LayerCache[];

  constructor(gpu: GpuDevice, layout: readonly LayerLayout[], first: number = firstCapacity) {
    this.#gpu = gpu;
    this.#layout = layout;
    this.#layers = layout.map((one, layer) => {
      const capacity = Math.min(first, one.most);
      return {
        buffer: this.#make(layer, capacity),
        settings: storageBuffer(gpu.device, 'settings', 16, GPUBufferUsage.UNIFORM),
        capacity,
        base: 0,
      };
    });
    this.#writeSettings();
  }

  get layers(): readonly LayerCache[] {
    return this.#layers;
  }

  get bytes(): number {
    return this.#bytes(this.#layers);
  }

  /** Whether every layer still has all that a token at `position` attends to. */
  reaches(position: number): boolean {
    const seen = this.#layers.every(({ base }, layer) => base <= firstSeen(position, this.#layout[layer].window));
    return position === 0 || seen;
  }

  /**
   * Makes room for `count` tokens from `position` on. Says whether buffers are others now.
   *
   * @throws GptletError OUT_OF_MEMORY, and then keeps what there was; INVALID_OPTION before what a window has left
   */
  async makeRoom(position: number, count: number): Promise<boolean> {
    checkReach(this.reaches(position), position);
    const wanted = this.#layers.map((now, layer) => extend(now, this.#layout[layer], position, position + count));
    if (wanted.every((extent, layer) => extent === this.#layers[layer])) return false;
    // A window that drops what is far behind moves to another buffer, too: none can be copied to itself.
    const buffers = await this.#gpu.allocate(this.#bytes(wanted), 'the KV cache', () =>
      wanted.map((extent, layer) => {
        const now = this.#layers[layer];
        return extent === now ? now.buffer : this.#make(layer, extent.capacity);
      }),
    );
    this.#move(this.#layers, wanted, buffers, position);
    return true;
  }

  /** Takes over the first tokens of another slot. Says whether buffers are others now. */
  copyFrom(other: KvSlot, tokens: number): boolean {
    const wanted = other.layers;
    const grows = wanted.some(({ capacity }, layer) => capacity > this.#layers[layer].capacity);
    const extents = wanted.map(({ base, capacity }, layer) => ({
      base,
      capacity: Math.max(capacity, this.#layers[layer].capacity),
    }));
    const buffers = this.#gpu.allocateSoon(this.#bytes(extents), 'the KV cache of one more sequence', () =>
      extents.map(({ capacity }, layer) => {
        const now = this.#layers[layer];
        return capacity === now.capacity ? now.buffer : this.#make(layer, capacity);
      }),
    );
    this.#move(wanted, extents, buffers, tokens);
    return grows;
  }

  destroy(): void {
    for (const { buffer, settings } of this.#layers) {
      buffer.destroy();
      settings.destroy();
    }
  }

  #make(layer: number, capacity: number): GPUBuffer {
    const { rowBytes, kinds } = this.#layout[layer];
    return storageBuffer(this.#gpu.device, `kvCache ${layer}`, capacity * rowBytes * kinds, GPUBufferUsage.COPY_SRC);
  }

  #bytes(extents: readonly Extent[]): number {
    return extents.reduce((sum, { capacity }, layer) => {
      const { rowBytes, kinds } = this.#layout[layer];
      return sum + capacity * rowBytes * kinds;
    }, 0);
  }

  /** Brings the rows before position `end` from where they lie to where they are wanted, which is where all layers lie then. */
  #move(from: readonly LayerCache[], to: readonly Extent[], buffers: readonly GPUBuffer[], end: number): void {
    const { device } = this.#gpu;
    const encoder = device.createCommandEncoder();
    from.forEach(({ buffer, capacity, base }, layer) => {
      const [target, wanted] = [buffers[layer], to[layer]];
      const rows = Math.min(end - wanted.base, wanted.capacity);
      if (buffer === target || rows <= 0) return;
      const { rowBytes, kinds } = this.#layout[layer];
      for (let kind = 0; kind < kinds; kind++) {
        const first = (wanted.base - base + kind * capacity) * rowBytes;
        encoder.copyBufferToBuffer(buffer, first, target, kind * wanted.capacity * rowBytes, rows * rowBytes);
      }
    });
    device.queue.submit([encoder.finish()]);
    this.#layers = this.#layers.map(({ buffer, settings }, layer) => {
      if (buffer !== buffers[layer]) buffer.destroy();
      return { ...to[layer], settings, buffer: buffers[layer] };
    });
    this.#writeSettings();
  }

  #writeSettings(): void {
    this.#layers.forEach(({ settings, capacity, base }, layer) => {
      const { window, scale } = this.#layout[layer];
      const values = new DataView(new ArrayBuffer(16));
      const { Settings } = structOffsets;
      values.setUint32(Settings.window, window, true);
      values.setFloat32(Settings.scale, scale, true);
      values.setUint32(Settings.capacity, capacity, true);
      values.setUint32(Settings.base, base, true);
      this.#gpu.device.queue.writeBuffer(settings, 0, values.buffer);
    });
  }
}

/** The first position that a token at `position` attends to. */
const firstSeen = (position: number, window: number): number => (window > 0 ? Math.max(0, position + 1 - window) : 0);

/** Where a layer is to lie so that it holds what `position` attends to and all up to `end`; itself where it does already. */
function extend(
  now: Extent,
  { window, most }: Pick<LayerLayout, 'window' | 'most'>,
  position: number,
  end: number,
): Extent {
  if (position === 0 && now.base > 0) return extend({ capacity: now.capacity, base: 0 }, { window, most }, 0, end);
  if (end - now.base <= now.capacity) return now;
  const capacity = Math.min(most, Math.max(2 * now.capacity, end - now.base));
  if (end - now.base <= capacity) return { capacity, base: now.base };
  // Half of what is to spare stays behind, so that going back a little remains possible.
  const first = firstSeen(position, window);
  return { capacity, base: Math.max(0, first - Math.floor((capacity - (end - first)) / 2)) };
}
