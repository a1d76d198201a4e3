import { hasNodeModules } from '../../platform/node-module.ts';
import type { CreateEngineBuilder } from '../engine.ts';
import { everyWasmPart } from './every-part.ts';
import { importKernels } from './import-kernels.ts';
import { nodeThreads } from './node-threads.ts';
import { wasmBackend } from './wasm-backend.ts';

/** The CPU engine with all its parts, in a page's own thread and in Node. */
export const createWasmEngineBuilder: CreateEngineBuilder = (config, options) =>
  wasmBackend({
    ...everyWasmPart(),
    ...(hasNodeModules() && { threads: nodeThreads() }),
    loadKernels: importKernels,
  })(config, options);
