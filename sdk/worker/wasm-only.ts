import type { Engine, EngineBuilder, EngineOptions } from '../backends/engine.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { Backend } from '../loading/load-options.ts';
import type { ModelConfig } from '../model/config.ts';

// Stands in for sdk/loading/backends.ts in worker-wasm.js, which pages without WebGPU load.

export async function backendsToTry(): Promise<Backend[]> {
  return ['wasm'];
}

export async function createEngineBuilder(
  backend: Backend,
  config: ModelConfig,
  options: EngineOptions,
): Promise<EngineBuilder> {
  if (backend === 'wasm') return createWasmEngineBuilder(config, options);
  throw new GptletError(
    'UNSUPPORTED_PLATFORM',
    "This worker has the WASM backend only. Start it from worker.js, or leave out the option 'worker', to use WebGPU.",
  );
}

/** A CPU is not lost. */
export const recovering = (engine: Engine): Engine => engine;

/** What fails here is thrown: there is no other backend. */
export const tellFailure = (): void => {};
