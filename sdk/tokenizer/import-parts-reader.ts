import type { ReadParts } from './tokenizer-parts.ts';

/** Reads the parts of a tokenizer.json, with code that the first one needs that has a part out of the ordinary. */
export const importPartsReader: ReadParts = async (parts, config) => {
  const { readParts } = await import('./parts/read-parts.ts');
  return readParts(parts, config);
};
