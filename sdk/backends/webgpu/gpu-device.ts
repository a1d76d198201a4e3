import { GptletError } from '../../errors/gptlet-error.ts';
import { KernelCache } from './kernels.ts';

/** How the WebGPU backend may be told to use another device, or less of it than there is. For tests and benchmarks. */
export interface DeviceOptions {
  /** Where adapters come from. @default navigator.gpu */
  readonly gpu?: GPU;
  /** Use subgroup operations where the device has them. @default true */
  readonly subgroups?: boolean;
  /** Use the kernels for software adapters (or those for real GPUs) whatever the adapter is. @default what it says of itself */
  readonly software?: boolean;
  /**
   * Use the matrix units of a GPU where WebGPU offers them, which is an experiment of Chromium's. Never yet run: no adapter here
   * has them. @default false
   */
  readonly subgroupMatrices?: boolean;
}

/** Features of a device that runs matmul-matrices.wgsl. */
export const matrixFeatures = ['chromium-experimental-subgroup-matrix', 'shader-f16', 'subgroups'] as GPUFeatureName[];

/** A device that models share. Errors that WebGPU reports on the side are kept here until a caller can be told. */
export class GpuDevice {
  readonly device: GPUDevice;
  readonly kernels: KernelCache;
  readonly subgroups: boolean;
  /** A CPU plays the GPU: other kernels, and smaller prefill chunks, so that the page stays responsive. */
  readonly software: boolean;
  /** Set once the device is gone: every model on it is, too. */
  lost: string | undefined;
  /** Rows and columns of the matrices that subgroups of 32 lanes multiply in f16 and add in f32; 0 where they are not used. */
  readonly matrices: number;
  users = 0;
  #failure: GptletError | undefined;

  constructor(device: GPUDevice, adapter: GPUAdapter, options: DeviceOptions) {
    this.device = device;
    this.kernels = new KernelCache(device);
    this.subgroups = device.features.has('subgroups') && options.subgroups !== false;
    const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
    this.software =
      options.software ??
      /swiftshader|llvmpipe|lavapipe|software|warp/i.test(`${vendor} ${architecture} ${description}`);
    this.matrices =
      options.subgroupMatrices && matrixFeatures.every((name) => device.features.has(name))
        ? matrixSize(adapter.info as MatrixInfo)
        : 0;
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

/** What adapters say of their matrix units, and WebGPU's types do not know yet. */
type MatrixInfo = GPUAdapterInfo & {
  readonly subgroupMatrixConfigs?: readonly {
    readonly componentType: string;
    readonly resultComponentType: string;
    readonly M: number;
    readonly N: number;
    readonly K: number;
  }[];
};

/** The largest square that a tile of 32 is made of. */
function matrixSize({ subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs = [] }: MatrixInfo): number {
  if (subgroupMinSize !== 32 || subgroupMaxSize !== 32) return 0;
  const sizes = subgroupMatrixConfigs
    .filter(({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32')
    .filter(({ M, N, K }) => M === N && N === K && (M === 8 || M === 16));
  return Math.max(0, ...sizes.map(({ M }) => M));
}
