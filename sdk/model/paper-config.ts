import type { ModelConfig } from './config.ts';

/** What a GPT of the papers is told by; all else follows. */
type PaperSizes = Pick<ModelConfig, 'nLayer' | 'nHead' | 'nEmbd' | 'nCtx'>;

/** The values that GPT, GPT-2 and GPT-3 have in common, which later families changed one by one. */
type PaperConfig = Pick<
  ModelConfig,
  | 'nKvHead'
  | 'headSize'
  | 'gatedMlp'
  | 'normKind'
  | 'parallelBlock'
  | 'queryKeyNorm'
  | 'learnedPositions'
  | 'rotary'
  | 'blockKind'
  | 'convolutionSize'
  | 'attentionWindow'
  | 'attentionScale'
  | 'attentionSoftCap'
  | 'embeddingScale'
  | 'logitScale'
  | 'logitSoftCap'
  | 'biases'
>;

/** A decoder as the papers have it: learned positions, layer norms, as many keys as queries, biases everywhere. */
export function paperConfig({ nLayer, nHead, nEmbd, nCtx }: PaperSizes): PaperConfig {
  const perLayer = <V>(value: V): V[] => new Array<V>(nLayer).fill(value);
  return {
    nKvHead: nHead,
    headSize: nEmbd / nHead,
    gatedMlp: false,
    normKind: 'layer',
    parallelBlock: false,
    queryKeyNorm: 'none',
    learnedPositions: nCtx,
    rotary: perLayer(null),
    blockKind: perLayer('attention'),
    convolutionSize: 0,
    attentionWindow: perLayer(0),
    attentionScale: perLayer(1 / Math.sqrt(nEmbd / nHead)),
    attentionSoftCap: 0,
    embeddingScale: 1,
    logitScale: 1,
    logitSoftCap: 0,
    biases: ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down'],
  };
}
