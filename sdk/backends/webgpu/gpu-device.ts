import { GptletError } from '../../errors/gptlet-error.ts';

/** How the WebGPU backend may be told to use another device, or less of it than there is. For tests and benchmarks. */
export interface DeviceOptions {
  /** Where adapters come from. @default navigator.gpu */
  readonly gpu?: GPU;
  /** Use subgroup operations where the device has them. @default true */
  readonly subgroups?: boolean;
  /** Use the kernels for software adapters (or those for real GPUs) whatever the adapter is. @default what it says of itself */
  readonly software?: boolean;
  /**
   * Use the matrix units of a GPU for matrices of so many rows and columns, 8 or 16, in f16 with sums in f32, by subgroups of 32
   * lanes: an experiment of Chromium's. Never yet run, since no adapter here has them. @default 0, not used
   */
  readonly matrices?: number;
}

/** Features of a device that runs matmul-matrices.wgsl. */
export const matrixFeatures = ['chromium-experimental-subgroup-matrix', 'shader-f16', 'subgroups'] as GPUFeatureName[];

/** A device that models share. Errors that WebGPU reports on the side are kept here until a caller can be told. */
export class GpuDevice {
  readonly device: GPUDevice;
  readonly subgroups: boolean;
  /** A CPU plays the GPU: other kernels, and smaller prefill chunks, so that the page stays responsive. */
  readonly software: boolean;
  /** Set once the device is gone: every model on it is, too. */
  lost: string | undefined;
  /** See {@link DeviceOptions.matrices}; 0 without the features for it. */
  readonly matrices: number;
  users = 0;
  #failure: GptletError | undefined;

  constructor(device: GPUDevice, adapter: GPUAdapter, options: DeviceOptions) {
    this.device = device;
    this.subgroups = device.features.has('subgroups') && options.subgroups !== false;
    const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
    this.software =
      options.software ??
      /swiftshader|llvmpipe|lavapipe|software|warp/i.test(`${vendor} ${architecture} ${description}`);
    this.matrices = matrixFeatures.every((name) => device.features.has(name)) ? (options.matrices ?? 0) : 0;
    void device.lost.then(({ reason, message }) => {
      this.lost = message || reason || 'no reason given';
    });
    device.onuncapturederror = ({ error }) => {
      const code =
        typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError
          ? 'OUT_OF_MEMORY'
          : 'UNSUPPORTED_PLATFORM';
      this.#failure ??= new GptletError(
        code,
        `WebGPU reported an error: ${error.message}. Use backend 'wasm', and please report the message.`,
        { cause: error },
      );
    };
  }

  /** @throws what went wrong on the device since the last call, if anything. */
  check(): void {
    if (this.lost !== undefined) throw this.lostError();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }

  lostError(cause?: unknown): GptletError {
    return new GptletError(
      'DEVICE_LOST',
      `The GPU device was lost (${this.lost ?? 'while in use'}). Call again: the model is then built on a new one.`,
      { cause },
    );
  }

  /** As {@link allocate}, for callers that cannot wait: the next {@link check} tells what was wrong. */
  allocateSoon<T>(bytes: number, what: string, make: () => T): T {
    let made: T | undefined;
    this.allocate(bytes, what, () => {
      made = make();
    }).catch((error: unknown) => {
      this.#failure ??= error as GptletError;
    });
    return made as T;
  }

  /** Waits until the GPU has done what it was given. */
  async idle(): Promise<void> {
    try {
      await this.device.queue.onSubmittedWorkDone();
    } catch (cause) {
      throw this.lostError(cause);
    }
    this.check();
  }

  /** Runs `make`, which allocates `bytes`, and turns what WebGPU says about it into an error. */
  async allocate<T>(bytes: number, what: string, make: () => T): Promise<T> {
    const { device } = this;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    let made: T | undefined;
    let thrown: unknown;
    try {
      made = make();
    } catch (error) {
      thrown = error;
    }
    const [invalid, exhausted] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    if (this.lost !== undefined) throw this.lostError();
    if (thrown !== undefined && GptletError.isInstance(thrown)) throw thrown;
    if (exhausted || invalid || thrown !== undefined) {
      const why = exhausted?.message ?? invalid?.message ?? String(thrown);
      throw new GptletError(
        'OUT_OF_MEMORY',
        `The GPU did not give ${bytes} bytes for ${what}: ${why}. Use dtype 'q8' or 'q4', a smaller model, or backend 'wasm'.`,
        { cause: exhausted ?? invalid ?? thrown },
      );
    }
    return made as T;
  }
}
