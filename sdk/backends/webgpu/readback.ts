import { roundUp } from './dimensions.ts';
import type { GpuDevice } from './gpu-device.ts';

/** Brings GPU buffers to the CPU through one mappable buffer, which grows when more is wanted than ever before. */
export class Readback {
  readonly #gpu: GpuDevice;
  #staging: GPUBuffer | undefined;
  #used = 0;

  constructor(gpu: GpuDevice, bytes: number) {
    this.#gpu = gpu;
    this.reserve(bytes);
  }

  /** Makes room, so that decoding allocates nothing. Not between {@link copy} and {@link take}. */
  reserve(bytes: number): void {
    if (this.#staging && this.#staging.size >= bytes) return;
    this.#staging?.destroy();
    this.#staging = this.#gpu.device.createBuffer({
      label: 'readback',
      size: roundUp(bytes, 256),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** Adds a copy to a command encoder; offset and size are multiples of four. Copies are read in the order of their calls. */
  copy(encoder: GPUCommandEncoder, source: GPUBuffer, bytes: number, offset = 0): void {
    encoder.copyBufferToBuffer(source, offset, this.#staging as GPUBuffer, this.#used, bytes);
    this.#used += bytes;
  }

  /** Waits for the GPU and hands the copied bytes to `use`; they are gone when it returns. */
  async take<T>(use: (bytes: ArrayBuffer) => T): Promise<T> {
    const staging = this.#staging as GPUBuffer;
    const used = this.#used;
    this.#used = 0;
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, used);
    } catch (cause) {
      // Mapping fails when the device is lost, which may be told a moment later, or after an invalid command.
      await new Promise((resolve) => setTimeout(resolve));
      this.#gpu.check();
      throw this.#gpu.lostError(cause);
    }
    try {
      this.#gpu.check();
      return use(staging.getMappedRange(0, used));
    } finally {
      staging.unmap();
    }
  }

  /** Forgets copies whose commands were never submitted. */
  reset(): void {
    this.#used = 0;
  }

  destroy(): void {
    this.#staging?.destroy();
  }
}
