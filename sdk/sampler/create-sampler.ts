import { checkOptions } from '../options/check-options.ts';
import { samplingOptions } from '../options/table.ts';
import { type ResolvedSamplingOptions, resolveSamplingOptions } from './resolve-sampling-options.ts';
import { Sampler } from './sampler.ts';
import { sharedSamplerExports } from './sampler-module.ts';
import type { SamplingOptions } from './sampling-options.ts';

export type { ResolvedSamplingOptions } from './resolve-sampling-options.ts';
export type { SampledToken, Sampler } from './sampler.ts';
export type { SamplingOptions } from './sampling-options.ts';

/**
 * The WASM sampler that generation uses, alone: for plots, for tests, for other engines' logits. The first call
 * compiles the module; further ones are cheap, and all samplers of a thread share its memory.
 *
 * @throws GptletError INVALID_OPTION for an option unknown or out of range.
 * @example
 * const sampler = await createSampler({ temperature: 0.8, topK: 50, seed: 7 });
 * const { tokenId, logprob } = sampler.next(logits, history);
 */
export async function createSampler(options: SamplingOptions = {}): Promise<Sampler> {
  return openSampler(resolveSamplingOptions(checkOptions(samplingOptions(), options)));
}

/** {@link createSampler} for options that were checked before. */
export async function openSampler(resolved: ResolvedSamplingOptions): Promise<Sampler> {
  return new Sampler(await sharedSamplerExports(), resolved);
}
