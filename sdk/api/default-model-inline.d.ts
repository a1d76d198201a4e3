import type { ModelFiles } from '../checkpoint/open-source.ts';

/** The embedded model's files as bytes; a module that the build writes into dist/. */
export function defaultModelFiles(): ModelFiles;
