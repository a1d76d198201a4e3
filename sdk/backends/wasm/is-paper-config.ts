import type { ModelConfig } from '../../model/config.ts';

/** Whether a model has nothing that GPT, GPT-2 and GPT-3 have not: q8's smaller kernels run it. */
export const isPaperConfig = (config: ModelConfig): boolean =>
  config.normKind === 'layer' &&
  (config.normPlacement === 'pre' || config.normPlacement === 'post') &&
  config.nKvHead === config.nHead &&
  config.queryKeyNorm === 'none' &&
  config.learnedPositions > 0 &&
  config.embeddingScale === 1 &&
  config.logitScale === 1 &&
  config.logitSoftCap === 0 &&
  config.attentionSoftCap === 0 &&
  !config.gatedMlp &&
  !config.parallelBlock &&
  !config.blockKind.includes('convolution') &&
  !config.rotary.some(Boolean);
