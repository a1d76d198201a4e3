import { forwardBatch } from './forward-batch.ts';
import { inspectChunks } from './inspect-chunks.ts';
import type { WebGpuPasses } from './webgpu-engine.ts';

/** All that a WebGPU engine can have and that no page has to give. */
export const everyWebGpuPart: WebGpuPasses = { batch: forwardBatch, inspect: inspectChunks };
