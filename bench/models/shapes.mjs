// Shapes of today's small models, as their makers' config.json has them. Weights are noise: nothing is downloaded.

/** What the three have in common, and what follows from a model's own values. */
function shape({ fullEvery = 1, window = 0, base, localBase = base, ...own }) {
  const perLayer = (value) => Array.from({ length: own.nLayer }, (_, layer) => value(layer));
  const isFull = (layer) => layer % fullEvery === fullEvery - 1;
  return {
    gatedMlp: true,
    activation: 'silu',
    normKind: 'rms',
    normPlacement: 'pre',
    parallelBlock: false,
    queryKeyNorm: 'none',
    finalNorm: true,
    learnedPositions: 0,
    rotary: perLayer((layer) => ({ size: own.headSize, base: isFull(layer) ? base : localBase })),
    blockKind: perLayer(() => 'attention'),
    convolutionSize: 0,
    attentionWindow: perLayer((layer) => (isFull(layer) ? 0 : window)),
    attentionScale: perLayer(() => 1 / Math.sqrt(own.headSize)),
    attentionSoftCap: 0,
    embeddingScale: 1,
    logitScale: 1,
    logitSoftCap: 0,
    biases: [],
    tiedHead: true,
    eosTokenIds: [],
    ...own,
  };
}

/** By the name that `--shapes` takes: the model's own name, and its config as gptlet's engines read it (sdk/model/config.ts). */
export const shapes = {
  'smollm2-135m': {
    title: 'SmolLM2-135M',
    config: shape({
      architecture: 'llama',
      nLayer: 30,
      nHead: 9,
      nKvHead: 3,
      headSize: 64,
      nEmbd: 576,
      nInner: 1536,
      nCtx: 8192,
      vocabSize: 49_152,
      normEpsilon: 1e-5,
      base: 1e5,
    }),
  },
  'qwen3-0.6b': {
    title: 'Qwen3-0.6B',
    config: shape({
      architecture: 'qwen3',
      nLayer: 28,
      nHead: 16,
      nKvHead: 8,
      headSize: 128,
      nEmbd: 1024,
      nInner: 3072,
      nCtx: 40_960,
      vocabSize: 151_936,
      normEpsilon: 1e-6,
      queryKeyNorm: 'head',
      base: 1e6,
    }),
  },
  'gemma3-270m': {
    title: 'Gemma3-270M',
    config: shape({
      architecture: 'gemma3',
      nLayer: 18,
      nHead: 4,
      nKvHead: 1,
      headSize: 256,
      nEmbd: 640,
      nInner: 2048,
      nCtx: 32_768,
      vocabSize: 262_144,
      normEpsilon: 1e-6,
      normPlacement: 'sandwich',
      queryKeyNorm: 'head',
      activation: 'gelu_new',
      embeddingScale: Math.sqrt(640),
      base: 1e6,
      localBase: 1e4,
      window: 512,
      fullEvery: 6,
    }),
  },
};
