import { importQuantiser } from '../../quantising/import-quantiser.ts';
import type { CreateExecutor } from '../executor.ts';
import { webGpuExecutor } from './webgpu-executor.ts';

/** The GPU's executor where modules can be imported: in a page's own thread and in Node. */
export const createWebGpuExecutor: CreateExecutor = webGpuExecutor({ loadQuantiser: importQuantiser });
