import type { ForwardResult } from '../../backends/engine.ts';

// Stands in the worker for generating for what engines have only for other calls and loads: batches, looking inside, quantised files,
// other dtypes, threads (of which a model of this size has one unless asked). Nothing there asks for them.

function notHere(): never {
  throw new Error('this worker only generates with the embedded model');
}

export const inspect: () => Promise<ForwardResult> = notHere;
export const inspectChunks: () => Promise<ForwardResult> = notHere;
export const forwardInGroups: () => Promise<ForwardResult[]> = notHere;
export const forwardTogether: () => Promise<ForwardResult[]> = notHere;
export const prefillTogether: () => Promise<ForwardResult[]> = notHere;
export const streamQuantised: () => AsyncGenerator<never> = notHere;
export const packQuantised: () => void = notHere;
export const fitsPacking = (): boolean => false;
export const resolveThreads = (): number => 1;
export const ThreadPool: { readonly start: () => Promise<never> } = { start: notHere };
