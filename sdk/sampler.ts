// gptlet/sampler: the sampler that generation uses, alone.
export {
  createSampler,
  type ResolvedSamplingOptions,
  type SampledToken,
  type Sampler,
  type SamplingOptions,
} from './sampler/create-sampler.ts';
