import type { CreateEngineBuilder } from '../engine.ts';
import { everyWasmPart } from './every-part.ts';
import { importKernels } from './import-kernels.ts';
import { wasmBackend } from './wasm-backend.ts';

/** The CPU engine with all its parts. */
export const createWasmEngineBuilder: CreateEngineBuilder = (config, options) =>
  wasmBackend({ ...everyWasmPart, loadKernels: importKernels })(config, options);
