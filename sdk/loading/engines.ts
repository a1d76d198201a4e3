import type { CreateEngineBuilder, Engine } from '../backends/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { Backend, LocalLoadOptions } from './load-options.ts';

/** The engines that an entry brings. */
export interface Engines {
  readonly wasm: CreateEngineBuilder;
  /** Absent from what pages without WebGPU load. */
  readonly webgpu?: WebGpuEngines;
}

/** A GPU's engine, and what having one asks for besides. */
export interface WebGpuEngines {
  readonly create: CreateEngineBuilder;
  /** The backends in the order to try them, for `backend: 'auto'`. */
  choose(
    checkpoint: Checkpoint,
    options: LocalLoadOptions,
    engines: Engines,
    onFailure: OnFailure,
  ): Promise<readonly Backend[]>;
  /** The engine, made to survive the loss of its device. `build` makes it anew. */
  recover(
    engine: Engine,
    wanted: LocalLoadOptions['backend'],
    build: (backend: Backend, signal?: AbortSignal) => Promise<Engine>,
  ): Engine;
}

/** Told of a backend that was to be tried and does not work here. */
export type OnFailure = (backend: Backend, error: unknown) => void;

/** @throws GptletError UNSUPPORTED_PLATFORM for WebGPU where the entry has none */
export function builderOf(backend: Backend, { wasm, webgpu }: Engines): CreateEngineBuilder {
  const create = backend === 'webgpu' ? webgpu?.create : wasm;
  if (create) return create;
  throw new GptletError(
    'UNSUPPORTED_PLATFORM',
    "This worker has the WASM backend only. Start it from worker.js, or leave out the option 'worker', to use WebGPU.",
  );
}
