import type { ModelConfig, RotaryConfig } from '../../sdk/model/config.ts';
import { makeConfig, randomNumbers } from './random-model.ts';

type Changes = Partial<ModelConfig>;

const turn: RotaryConfig = { size: 8, base: 10_000 };

/** What Llama and most that came after it have in common, with sizes that need padding. */
const llama: Changes = {
  nEmbd: 36,
  nHead: 6,
  nKvHead: 2,
  headSize: 10,
  nInner: 50,
  normKind: 'rms',
  activation: 'silu',
  gatedMlp: true,
  learnedPositions: 0,
  rotary: [turn, turn],
  attentionScale: [0.3, 0.3],
  biases: [],
};

/** The shapes of today's families, small. */
export const familyConfigs: Readonly<Record<string, Changes>> = {
  Llama: llama,
  'SmolLM 3': { ...llama, rotary: [turn, null] },
  'Qwen 2': { ...llama, biases: ['attention.qkv'], tiedHead: false },
  'Qwen 3': { ...llama, queryKeyNorm: 'head', headSize: 12, rotary: [{ size: 12, base: 1e6 }, turn] },
  'OLMo 2': { ...llama, queryKeyNorm: 'joint', normPlacement: 'output' },
  'Gemma 2': {
    ...llama,
    normPlacement: 'sandwich',
    activation: 'gelu_new',
    embeddingScale: 2.5,
    attentionSoftCap: 3,
    logitSoftCap: 2,
    attentionWindow: [7, 0],
  },
  'Gemma 3': {
    ...llama,
    nHead: 4,
    nKvHead: 1,
    normPlacement: 'sandwich',
    activation: 'gelu_new',
    embeddingScale: 6,
    queryKeyNorm: 'head',
    rotary: [turn, { ...turn, base: 1e6, scaling: { kind: 'linear', factor: 8 } }],
    attentionWindow: [7, 0],
  },
  'GPT-J': {
    rotary: [
      { size: 6, base: 10_000 },
      { size: 6, base: 10_000 },
    ],
    learnedPositions: 0,
    parallelBlock: true,
    tiedHead: false,
    biases: ['mlp.up', 'mlp.down', 'head'],
  },
  'LFM 2': { ...llama, queryKeyNorm: 'head', blockKind: ['convolution', 'attention'], convolutionSize: 3 },
};

/** Any config that can be said, from a seed: each field by itself, so that combinations occur that no family has yet. */
export function anyConfig(seed: number): ModelConfig {
  const random = randomNumbers(seed * 7919 + 3);
  random();
  const below = (n: number): number => Math.floor(((random() + 1) / 2) * n);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)];
  const nLayer = 1 + below(3);
  const perLayer = <T>(one: () => T): T[] => Array.from({ length: nLayer }, one);
  const nKvHead = pick(1, 2, 3);
  const headSize = pick(4, 6, 10, 16, 36);
  const scalings: RotaryConfig['scaling'][] = [
    undefined,
    { kind: 'linear', factor: 4 },
    { kind: 'llama3', factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 16 },
    {
      kind: 'yarn',
      factor: 4,
      originalContext: 16,
      betaFast: 32,
      betaSlow: 1,
      attentionFactor: 1.1,
      truncate: true,
    },
    {
      kind: 'longrope',
      shortFactors: Array.from({ length: headSize / 2 }, (_, i) => 1 + i / 3),
      longFactors: Array.from({ length: headSize / 2 }, (_, i) => 2 + i / 2),
      originalContext: 40,
      attentionFactor: 1.2,
    },
  ];
  const turning = (): RotaryConfig | null => {
    const scaling = pick(...scalings);
    const size = scaling?.kind === 'longrope' ? headSize : 2 * (1 + below(headSize / 2));
    return pick(null, { size, base: pick(100, 10_000), scaling });
  };
  const normPlacement = pick('pre', 'post', 'output', 'sandwich');
  const blockKind = perLayer(() => pick('attention', 'attention', 'attention', 'convolution'));
  const biases = (
    [
      'attention.qkv',
      'attention.projection',
      'mlp.up',
      'mlp.down',
      'convolution.in',
      'convolution.kernel',
      'convolution.out',
      'head',
    ] as const
  ).filter(() => pick(true, false));
  return makeConfig({
    nLayer,
    nEmbd: pick(20, 32, 36),
    nKvHead,
    nHead: nKvHead * pick(1, 2, 3, 4, 9),
    headSize,
    nInner: pick(40, 64, 70),
    nCtx: 64,
    vocabSize: pick(64, 101),
    activation: pick('gelu_new', 'gelu', 'relu', 'silu', 'tanh'),
    gatedMlp: pick(true, false),
    normKind: pick('layer', 'rms'),
    normEpsilon: 1e-5,
    normPlacement,
    parallelBlock: normPlacement === 'pre' && pick(true, false),
    queryKeyNorm: pick('none', 'head', 'joint'),
    finalNorm: pick(true, true, false),
    learnedPositions: pick(0, 64),
    rotary: perLayer(turning),
    blockKind,
    convolutionSize: blockKind.includes('convolution') ? pick(2, 3, 4) : 0,
    attentionWindow: perLayer(() => pick(0, 0, 5, 20)),
    attentionScale: perLayer(() => pick(0.2, 0.5)),
    attentionSoftCap: pick(0, 5),
    embeddingScale: pick(1, 3),
    logitScale: pick(1, 0.5),
    logitSoftCap: pick(0, 4),
    biases,
    tiedHead: pick(true, false),
  });
}
