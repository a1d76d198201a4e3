import { unpackBytes } from '../../platform/unpack-bytes.ts';
import type { LoadKernels } from './kernel-module.ts';

/** Kernels that few models on a CPU run in, imported when they are needed. */
export const importKernels: LoadKernels = async (name) => {
  if (name === 'f32') return unpackBytes((await import('./kernels-f32-wasm.gen.ts')).kernelsF32Wasm);
  if (name === 'q4') return unpackBytes((await import('./kernels-q4-wasm.gen.ts')).kernelsQ4Wasm);
  if (name === 'q4-pairs') return unpackBytes((await import('./kernels-q4-pairs-wasm.gen.ts')).kernelsQ4PairsWasm);
  if (name === 'q4-plain') return unpackBytes((await import('./kernels-q4-plain-wasm.gen.ts')).kernelsQ4PlainWasm);
  if (name === 'q8-families')
    return unpackBytes((await import('./kernels-q8-families-wasm.gen.ts')).kernelsQ8FamiliesWasm);
  if (name === 'q8-pairs') return unpackBytes((await import('./kernels-q8-pairs-wasm.gen.ts')).kernelsQ8PairsWasm);
  return unpackBytes((await import('./kernels-q8-plain-wasm.gen.ts')).kernelsQ8PlainWasm);
};
