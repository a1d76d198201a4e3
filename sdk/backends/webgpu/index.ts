import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import { everyWebGpuPart } from './every-part.ts';
import { importRareShaders } from './import-rare-shaders.ts';
import { type CreateWebGpuEngineBuilder, webGpuBackend } from './webgpu-backend.ts';

export type { WebGpuEngineOptions } from './webgpu-backend.ts';
export { WebGpuEngine } from './webgpu-engine.ts';

/** The WebGPU engine with all its parts. */
export const createWebGpuEngineBuilder: CreateWebGpuEngineBuilder = (config, options) =>
  webGpuBackend({
    ...everyWebGpuPart,
    loadRareShaders: importRareShaders,
    quantiser: () => rowQuantiser(importQuantiser),
  })(config, options);
