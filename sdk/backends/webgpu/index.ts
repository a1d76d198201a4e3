export { createWebGpuEngineBuilder, type WebGpuEngineOptions } from './engine-builder.ts';
export { probeWebGpu } from './probe-webgpu.ts';
export { WebGpuEngine } from './webgpu-engine.ts';
