import type { WebGpuCapabilities } from './webgpu-capabilities.ts';

/** The adapter that a model would run on, or null without one. Never throws. */
export async function probeWebGpu(gpu?: GPU): Promise<WebGpuCapabilities | null> {
  try {
    const source = gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
    const adapter = await source?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {};
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    return {
      vendor,
      architecture,
      description,
      // SwiftShader and lavapipe do not always call themselves a fallback.
      isFallbackAdapter: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(`${architecture} ${description}`),
      features: [...adapter.features].sort(),
      limits: { maxBufferSize, maxStorageBufferBindingSize },
    };
  } catch {
    return null;
  }
}
