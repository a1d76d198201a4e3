import { browserThreads } from '../../backends/wasm/browser-threads.ts';
import { nodeThreads } from '../../backends/wasm/node-threads.ts';
import { hasNodeModules } from '../../platform/node-module.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import type { CreateExecutor } from '../executor.ts';
import { importGradients } from './import-gradients.ts';
import { wasmExecutor } from './wasm-executor.ts';

/** The CPU's executor where modules can be imported: in a page's own thread, which has no other threads, and in Node. */
export const createWasmExecutor: CreateExecutor = wasmExecutor({
  loadGradients: importGradients,
  loadQuantiser: importQuantiser,
  threads: hasNodeModules() ? nodeThreads() : browserThreads(),
});
