import type { EngineOptions } from '../backends/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Dtype } from '../model/dtype.ts';
import type { Backend, DtypeOption, LocalLoadOptions } from './load-options.ts';

/** What an engine of this backend is built with. */
export function engineOptions(
  backend: Backend,
  { dtype, threads }: LocalLoadOptions,
  { dtype: stored }: Checkpoint,
): EngineOptions {
  return { dtype: chooseDtype(backend, dtype, stored), ...(backend === 'wasm' ? { threads } : {}) };
}

/** `auto` is what the weights are quantised to already, else the fastest that loses nothing one would notice. */
function chooseDtype(backend: Backend, wanted: DtypeOption, stored: Dtype | undefined): Dtype {
  // The CPU has no half-precision arithmetic: what was asked for is kept exactly, in f32, and `model.dtype` says so.
  if (wanted === 'f16' && backend === 'wasm') return 'f32';
  if (wanted !== 'auto') return wanted;
  if (stored) return stored;
  return backend === 'webgpu' ? 'f16' : 'q8';
}
