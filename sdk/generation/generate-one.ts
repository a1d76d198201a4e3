import { decodeInput } from './decode-input.ts';
import { decode } from './decode-loop.ts';
import type { Generate } from './model-parts.ts';

/** The plain way of generating alone, for the embedded worker: one sequence, no beams, no constraint, no log-probabilities. */
export const generateOne: Generate = async (input, onPart, signal) => {
  const { logprobSum: _, ...result } = await decode(await decodeInput(input, signal), onPart);
  return result;
};
