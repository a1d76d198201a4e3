import { unpackBytes } from '../../platform/unpack-bytes.ts';
import type { KernelBytes } from './kernels-on-demand.ts';
import { kernelsQ8PlainWasm } from './kernels-q8-plain-wasm.gen.ts';

/** The kernels for weights in q8 on machines without exact byte products. */
export const plainKernels = (): KernelBytes => ({ bytes: unpackBytes(kernelsQ8PlainWasm), relaxed: false });
