export { createWebGpuEngineBuilder, type WebGpuEngineOptions } from './engine-builder.ts';
export { probeWebGpu, type WebGpuCapabilities } from './probe-webgpu.ts';
export { WebGpuEngine } from './webgpu-engine.ts';
