import type { Step, View } from '../step.ts';
import type { Graph } from './graph.ts';
import { rowsFrom } from './planned-memory.ts';

/** Logits of a chunk are to be so many at most: 16 MB. */
const mostLogits = 2 ** 22;

/**
 * L1, the next token's loss, from final hidden states, in chunks of rows, so that the vocabulary's logits are never there for all tokens; with
 * gradients where asked for. Replaces dHidden, where there is any.
 */
export function languageLoss(graph: Graph, hidden: View, gradients: { readonly dHidden?: View } | undefined): Step[] {
  const { config, memory, weights, options } = graph;
  const { vocabSize, nEmbd: inputs, tiedHead } = config;
  const { mostTokens } = options;
  const matrix = tiedHead ? 'tokenEmbedding' : 'head.weight';
  const chunk = Math.min(mostTokens, Math.max(16, Math.floor(mostLogits / vocabSize / 8) * 8));
  const logits = { ...memory.vector('logits', chunk * vocabSize), stride: vocabSize };
  const losses = memory.vector('tokenLosses', mostTokens);
  const [dW, dBias] = [weights.gradient(matrix), weights.gradient('head.bias')];
  const product = { matrix, firstOutput: 0, outputs: vocabSize, inputs } as const;
  const steps: Step[] = [];
  for (let first = 0; first < mostTokens; first += chunk) {
    const rows = { of: 'tokens', first, most: Math.min(chunk, mostTokens - first) } as const;
    const x = rowsFrom(hidden, first);
    steps.push(
      {
        ...{ kernel: 'matmul', rows, ...product, x, bias: weights.bias('head.bias'), scale: 1 },
        ...{ out: logits, accumulate: false },
      },
      {
        ...{ kernel: 'crossEntropy', rows, width: vocabSize, logits, losses },
        ...{ scale: config.logitScale, softCap: config.logitSoftCap, smoothing: 0 },
      },
    );
    if (!gradients) continue;
    if (dW) steps.push({ kernel: 'weightGradient', rows, ...product, x, dOut: logits, scale: 1, dW });
    if (dBias) steps.push({ kernel: 'biasGradient', rows, outputs: vocabSize, dOut: logits, dBias });
    if (gradients.dHidden) {
      const dX = rowsFrom(gradients.dHidden, first);
      steps.push({ kernel: 'matmulGradient', rows, ...product, dOut: logits, scale: 1, dX, accumulate: false });
    }
  }
  steps.push({ kernel: 'sum', rows: graph.rows, values: losses, total: memory.vector('losses', 2) });
  return steps;
}
