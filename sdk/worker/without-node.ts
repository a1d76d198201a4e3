import { GptletError } from '../errors/gptlet-error.ts';

// Stands in a worker for sdk/platform/node-module.ts and sdk/checkpoint/sources/node-directory.ts: browsers' workers are the only
// ones that run the worker's file, and code for Node's files would be a burden there. Under Node a model runs in the calling thread.

export const hasNodeModules = (): boolean => false;

export const nodeModule = (): undefined => undefined;

const readsNoFiles = async (): Promise<never> => {
  throw new GptletError('UNSUPPORTED_PLATFORM', 'A worker reads no files from disk; pass { worker: false }.');
};

export const importNode: () => Promise<never> = () => readsNoFiles();
export const nodeDirectory: () => Promise<never> = () => readsNoFiles();
