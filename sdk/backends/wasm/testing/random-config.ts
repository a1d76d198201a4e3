import type { Activation, BiasedLinear, ModelConfig, RotaryConfig, RotaryScaling } from '../../../model/config.ts';
import { paperConfig } from '../../../model/paper-config.ts';

const activations: Activation[] = ['gelu_new', 'gelu', 'relu', 'silu', 'tanh'];

/** A model of a shape that nobody publishes. */
export function randomConfig(random: () => number): ModelConfig {
  const from = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const either = <T>(...values: T[]): T => values[from(0, values.length - 1)];
  const [nLayer, headSize, nCtx] = [from(1, 3), from(1, 21), either(1, from(2, 9), from(10, 70))];
  const perLayer = <T>(value: () => T): T[] => Array.from({ length: nLayer }, value);
  const common = {
    nLayer,
    nInner: from(1, 150),
    nCtx,
    vocabSize: from(1, 140),
    activation: either(...activations),
    normEpsilon: either(1e-5, 1e-3),
    finalNorm: either(true, false),
    attentionWindow: perLayer(() => either(0, 1, from(1, nCtx + 3))),
    attentionScale: perLayer(() => either(1, 1 / Math.sqrt(headSize), 0.1)),
    tiedHead: either(true, false),
    eosTokenIds: [],
  };
  if (random() < 0.3) {
    const nHead = from(1, 5);
    const nEmbd = nHead * headSize;
    const paper = paperConfig({ nLayer, nHead, nEmbd, nCtx });
    const normPlacement = either('pre', 'post');
    return { ...paper, ...common, architecture: 'gpt2', nHead, nEmbd, normPlacement };
  }
  const nKvHead = from(1, 3);
  const nHead = nKvHead * from(1, 4);
  // A norm of one value is its sign, which no rounding may change.
  const nEmbd = either(Math.max(6, nHead * headSize), from(6, 90));
  const queryKeyNorm = headSize < 6 ? 'none' : either('none', 'head', 'joint');
  const rotaryKinds = [null, randomRotary(random, headSize), randomRotary(random, headSize)];
  const convolutionSize = either(0, from(1, 5));
  const normPlacement = either<ModelConfig['normPlacement']>('pre', 'post', 'output', 'sandwich');
  return {
    ...common,
    architecture: 'llama',
    ...{ nHead, nKvHead, headSize, nEmbd, queryKeyNorm, convolutionSize, normPlacement },
    gatedMlp: either(true, false),
    normKind: either('layer', 'rms', 'rms'),
    parallelBlock: normPlacement === 'pre' && either(true, false),
    learnedPositions: either(0, 0, nCtx, nCtx + 5),
    rotary: perLayer(() => either(...rotaryKinds)),
    blockKind: perLayer(() => (convolutionSize ? either('attention', 'convolution') : 'attention')),
    attentionSoftCap: either(0, 0, 2, 20),
    embeddingScale: either(1, Math.sqrt(nEmbd)),
    logitScale: either(1, 0.3),
    logitSoftCap: either(0, 0, 3, 30),
    biases: biasedLinears.filter(() => random() < 0.5),
  };
}

const biasedLinears: BiasedLinear[] = [
  'attention.qkv',
  'attention.projection',
  'mlp.up',
  'mlp.down',
  'convolution.in',
  'convolution.kernel',
  'convolution.out',
  'head',
];

/** Turns of a part of each head, with a scaling or none. */
function randomRotary(random: () => number, headSize: number): RotaryConfig | null {
  if (headSize < 2) return null;
  const size = 2 * (1 + Math.floor(random() * Math.floor(headSize / 2)));
  const scaling: (RotaryScaling | undefined)[] = [
    undefined,
    { kind: 'linear', factor: 3 },
    { kind: 'llama3', factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 40 },
    {
      ...{ kind: 'yarn', factor: 4, originalContext: 16, betaFast: 32, betaSlow: 1 },
      ...{ attentionFactor: 1.1, truncate: random() < 0.5 },
    },
    {
      kind: 'longrope',
      shortFactors: Array.from({ length: size / 2 }, (_, i) => 1 + i / 3),
      longFactors: Array.from({ length: size / 2 }, (_, i) => 2 + i / 2),
      originalContext: 12,
      attentionFactor: 1.2,
    },
  ];
  return { size, base: random() < 0.5 ? 100 : 10_000, scaling: scaling[Math.floor(random() * scaling.length)] };
}
