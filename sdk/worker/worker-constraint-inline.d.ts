/** The whole of worker-constraint.js as a string; a module that the build writes into dist/. */
export const workerSource: string;
