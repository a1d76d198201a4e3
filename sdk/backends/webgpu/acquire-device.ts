import { GptletError } from '../../errors/gptlet-error.ts';
import { type DeviceOptions, GpuDevice, matrixFeatures } from './gpu-device.ts';

// One device per source of adapters, while models use it.
const shared: WeakMap<GPU, Promise<GpuDevice>> = /* @__PURE__ */ new WeakMap();

/**
 * A device for one more model: the one that other models already use, or a new one.
 *
 * @param largestBinding bytes that a model would like to bind, beyond the default limits; larger tensors are split where
 * that is not given
 * @throws GptletError UNSUPPORTED_PLATFORM without WebGPU or an adapter.
 */
export async function acquireDevice(options: DeviceOptions, largestBinding: number): Promise<GpuDevice> {
  const gpu = gpuOf(options);
  // A device with less than it could have, or more, is for tests and benchmarks, and not for others.
  const shareable = options.subgroups !== false && options.software === undefined && options.matrices === undefined;
  // Another model may ask for a device at the same time: what it has begun meanwhile is looked at, too.
  for (let pending = shared.get(gpu); shareable && pending; ) {
    const known = await pending.catch(() => undefined);
    if (known && known.lost === undefined) {
      known.users++;
      return known;
    }
    const next = shared.get(gpu);
    pending = next === pending ? undefined : next;
  }
  const made = requestDevice(gpu, options, largestBinding);
  if (shareable) {
    shared.set(gpu, made);
    made.catch(() => shared.delete(gpu));
  }
  const device = await made;
  device.users++;
  return device;
}

/** Gives a device back; the last model to do so destroys it. */
export function releaseDevice(gpuDevice: GpuDevice): void {
  gpuDevice.users--;
  if (gpuDevice.users > 0) return;
  gpuDevice.lost ??= 'no model uses it any more';
  gpuDevice.device.destroy();
}

/** @throws GptletError UNSUPPORTED_PLATFORM without WebGPU. */
export function gpuOf(options: DeviceOptions): GPU {
  const gpu = options.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (gpu) return gpu;
  throw unsupported(
    'There is no WebGPU here: the browser has none, or the page does not come over https (navigator.gpu is missing).',
  );
}

function unsupported(why: string, cause?: unknown): GptletError {
  return new GptletError('UNSUPPORTED_PLATFORM', `${why} Use backend 'wasm' or 'auto'.`, { cause });
}

/** A device of one's own; otherwise as {@link acquireDevice}, which shares it. */
export async function requestDevice(gpu: GPU, options: DeviceOptions, largestBinding: number): Promise<GpuDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw unsupported('WebGPU is here, but has no adapter (blocked or no GPU).');
  const wanted: GPUFeatureName[] = ['subgroups', 'timestamp-query'];
  if (options.matrices) wanted.push(...matrixFeatures);
  const requiredFeatures = wanted.filter((name) => adapter.features.has(name));
  const requiredLimits: Record<string, number> = {};
  for (const name of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const) {
    const most = adapter.limits[name];
    const usual = name === 'maxBufferSize' ? 2 ** 28 : 2 ** 27;
    if (largestBinding > usual && most > usual) requiredLimits[name] = Math.min(largestBinding, most);
  }
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ label: 'gptlet', requiredFeatures, requiredLimits });
  } catch {
    // An adapter may promise more than it gives, and is spent after a failure: ask again, for nothing special.
    const again = await gpu.requestAdapter();
    try {
      if (!again) throw new Error('no adapter on the second request');
      device = await again.requestDevice({ label: 'gptlet' });
    } catch (cause) {
      throw unsupported(`The GPU adapter gave no device: ${String(cause)}.`, cause);
    }
  }
  return new GpuDevice(device, adapter, options);
}
