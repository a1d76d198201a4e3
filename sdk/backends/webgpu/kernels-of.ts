import { KernelCache } from './kernels.ts';
import { shaderSources } from './shaders.gen.ts';

// Those of a device live as long as it does.
const caches: WeakMap<GPUDevice, KernelCache> = /* @__PURE__ */ new WeakMap();

/** What all models on a device compile with. */
export function kernelsOf(device: GPUDevice): KernelCache {
  const known = caches.get(device) ?? new KernelCache(device, shaderSources);
  caches.set(device, known);
  return known;
}
