/** The whole of worker-training.js as a string; a module that the build writes into dist/. */
export const workerSource: string;
