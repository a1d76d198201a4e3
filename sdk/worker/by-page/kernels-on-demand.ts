import type { LoadKernels } from '../../backends/wasm/kernel-module.ts';
import { fromOutcome } from '../outcome.ts';
import { page } from './page.ts';

/** Kernels as the page has them. */
export const kernelsByPage: LoadKernels = async (name) => fromOutcome(await page().kernels(name));

/** What quantises, as the page has it. */
export const quantiserByPage = async (): Promise<Uint8Array<ArrayBuffer>> => fromOutcome(await page().quantiser());
