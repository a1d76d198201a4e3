import { unpackBytes } from '../../platform/unpack-bytes.ts';
import type { LoadGradients } from './gradients-module.ts';

/** The kernels of a training, imported when they are needed. */
export const importGradients: LoadGradients = async () =>
  unpackBytes((await import('./gradients-wasm.gen.ts')).gradientsWasm);
