import { createAdaptation } from './adaptation.ts';
import { familyParts } from './family-parts.ts';
import { forwardBatch } from './forward-batch.ts';
import { inspectChunks } from './inspect-chunks.ts';
import type { WebGpuParts } from './webgpu-backend.ts';

/** All that a WebGPU engine can have and that no page has to give. */
export const everyWebGpuPart: Omit<WebGpuParts, 'loadRareShaders'> = {
  batch: forwardBatch,
  inspect: inspectChunks,
  families: familyParts,
  adapt: createAdaptation,
};
