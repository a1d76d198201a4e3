import type { EngineOptions } from '../backends/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { invalid } from '../errors/invalid.ts';
import type { Dtype } from '../model/dtype.ts';
import type { Backend, DtypeOption, LocalLoadOptions } from './load-options.ts';

/** What an engine of this backend is built with. @throws GptletError INVALID_OPTION for a context that the model has no room for */
export function engineOptions(
  backend: Backend,
  { dtype, threads, contextLength }: LocalLoadOptions,
  { dtype: stored, config: { nCtx } }: Checkpoint,
): EngineOptions {
  if (contextLength && contextLength > nCtx) {
    throw invalid('contextLength', contextLength, `at most ${nCtx}, the tokens that this model was made for`);
  }
  return { dtype: chooseDtype(backend, dtype, stored), contextLength, ...(backend === 'wasm' ? { threads } : {}) };
}

/** `auto` is what the weights are quantised to already, else the fastest that loses nothing one would notice. */
function chooseDtype(backend: Backend, wanted: DtypeOption, stored: Dtype | undefined): Dtype {
  // The CPU has no half-precision arithmetic: what was asked for is kept exactly, in f32, and `model.dtype` says so.
  if (wanted === 'f16' && backend === 'wasm') return 'f32';
  if (wanted !== 'auto') return wanted;
  if (stored) return stored;
  return backend === 'webgpu' ? 'f16' : 'q8';
}
