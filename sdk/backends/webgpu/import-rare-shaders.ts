import type { LoadRareShaders } from './kernels.ts';

/** The shaders that few models on a GPU run in, imported when they are needed. */
export const importRareShaders: LoadRareShaders = async () => (await import('./rare-shaders.gen.ts')).rareShaderSources;
