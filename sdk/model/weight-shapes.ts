import type { BiasedLinear, ModelConfig } from './config.ts';

/** Shape of a canonical weight; every matrix is (outputs, inputs), every vector (1, n). */
export interface WeightShape {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** A norm's weight, or a bias; a matrix can have one row too. */
  readonly isVector: boolean;
  /** Small, or only added: stays in f32 whatever the model is quantised to. */
  readonly isExact: boolean;
  /** Rows of the matrices that are joined in this one, where files may hold them each by itself; of a bias, its values. */
  readonly joined?: readonly number[];
  /** Whose bias it is: families say which of them a checkpoint has. That of a fine-tuned head is always there. */
  readonly biasOf?: BiasedLayer;
}

/** What a bias may belong to. */
export type BiasedLayer = 'linear' | 'norm';

/**
 * Every weight that a model of this config has, under its canonical name (K is NKV · HS, A is NH · HS, I is nInner):
 * `tokenEmbedding` (V, C), `positionEmbedding` (learnedPositions, C) where positions are learned, per block i
 * `blocks.i.norm1.weight|bias` (1, C) before attention or convolution,
 * `blocks.i.attention.qkv.weight` (A + 2 K, C: all of q, then k, then v) and `.bias`,
 * `blocks.i.attention.queryNorm.weight` and `keyNorm.weight` (1, HS), or (1, A) and (1, K) of a joint norm,
 * `blocks.i.attention.projection.weight|bias` (C, A),
 * or in a convolution `blocks.i.convolution.in.weight|bias` (3 C, C: gate of the input, gate of the output, input),
 * `convolution.kernel.weight|bias` (C, convolutionSize, the oldest position first) and `convolution.out.weight|bias` (C, C),
 * then `blocks.i.outputNorm1.weight|bias` on what either gives,
 * `blocks.i.norm2.weight|bias`, `blocks.i.mlp.up.weight|bias` (I, C), or (2 I, C: gate, then up) where it is gated,
 * `blocks.i.mlp.down.weight|bias` (C, I), `blocks.i.outputNorm2.weight|bias`;
 * `finalNorm.weight|bias` if there is one, `head.weight` (V, C) if it is not tied, `head.bias`,
 * `score.weight|bias` (labels, C) if the model carries a fine-tuned head.
 * Norms have biases where they are layer norms, linear layers where config.biases says so. Which norms there are follows
 * from config.normPlacement. Rows of q and k stand so that rotary pairs are (i, i + size / 2).
 */
export function weightShapes(config: ModelConfig): WeightShape[] {
  const { nEmbd: C, nInner, vocabSize, normPlacement } = config;
  const A = config.nHead * config.headSize;
  const K = config.nKvHead * config.headSize;
  const shapes: WeightShape[] = [];
  const add = (name: string, rows: number, columns: number, more: Partial<WeightShape> = {}): void => {
    shapes.push({ name, rows, columns, isVector: false, isExact: false, ...more });
  };
  const addVector = (name: string, columns: number, biasOf?: BiasedLayer, joined?: number[]): void => {
    shapes.push({ name, rows: 1, columns, isVector: true, isExact: true, biasOf, joined });
  };
  const norm = (name: string): void => {
    addVector(`${name}.weight`, C);
    if (config.normKind === 'layer') addVector(`${name}.bias`, C, 'norm');
  };
  const addBias = (kind: BiasedLinear, name: string, outputs: number, joined?: number[]): void => {
    if (config.biases.includes(kind)) addVector(`${name}.bias`, outputs, 'linear', joined);
  };
  const linear = (block: string, kind: BiasedLinear, outputs: number, inputs: number, joined?: number[]): void => {
    add(`${block}.${kind}.weight`, outputs, inputs, { joined });
    addBias(kind, `${block}.${kind}`, outputs, joined);
  };
  const normsInput = normPlacement !== 'output';
  const normsOutput = normPlacement === 'output' || normPlacement === 'sandwich';

  add('tokenEmbedding', vocabSize, C);
  if (config.learnedPositions > 0) add('positionEmbedding', config.learnedPositions, C, { isExact: true });
  for (let layer = 0; layer < config.nLayer; layer++) {
    const block = `blocks.${layer}`;
    if (normsInput) norm(`${block}.norm1`);
    if (config.blockKind[layer] === 'attention') {
      linear(block, 'attention.qkv', A + 2 * K, C, [A, K, K]);
      if (config.queryKeyNorm !== 'none') {
        const joint = config.queryKeyNorm === 'joint';
        addVector(`${block}.attention.queryNorm.weight`, joint ? A : config.headSize);
        addVector(`${block}.attention.keyNorm.weight`, joint ? K : config.headSize);
      }
      linear(block, 'attention.projection', C, A);
    } else {
      linear(block, 'convolution.in', 3 * C, C, [C, C, C]);
      add(`${block}.convolution.kernel.weight`, C, config.convolutionSize, { isExact: true });
      addBias('convolution.kernel', `${block}.convolution.kernel`, C);
      linear(block, 'convolution.out', C, C);
    }
    if (normsOutput) norm(`${block}.outputNorm1`);
    if (normsInput) norm(`${block}.norm2`);
    if (config.gatedMlp) linear(block, 'mlp.up', 2 * nInner, C, [nInner, nInner]);
    else linear(block, 'mlp.up', nInner, C);
    linear(block, 'mlp.down', C, nInner);
    if (normsOutput) norm(`${block}.outputNorm2`);
  }
  if (config.finalNorm) norm('finalNorm');
  if (!config.tiedHead) add('head.weight', vocabSize, C);
  addBias('head', 'head', vocabSize);
  if (config.head) {
    add('score.weight', config.head.labels.length, C, { isExact: true });
    if (config.head.bias) addVector('score.bias', config.head.labels.length);
  }
  return shapes;
}
