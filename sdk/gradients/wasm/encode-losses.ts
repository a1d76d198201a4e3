import { floatWord } from './machine-structs.ts';
import type { Encode } from './step-encoder.ts';

export const encodeCrossEntropy: Encode<'crossEntropy'> = (
  { rows, width, scale, softCap, smoothing, losses, logits },
  memory,
) => [
  ...[width, floatWord(scale), floatWord(softCap), floatWord(smoothing)],
  ...[memory.input('targets', rows.first), memory.input('targetWeights', rows.first)],
  memory.vector(losses) + 4 * rows.first,
  ...memory.view(logits),
];

const kinds = ['one label', 'labels', 'value', 'answer'];

export const encodeLabelLoss: Encode<'labelLoss'> = ({ width, kind, losses, logits, dLogits }, memory) => [
  ...[width, kinds.indexOf(kind), memory.input('headTargets'), memory.input('headWeights')],
  ...[memory.input('headGroups'), memory.vector(losses)],
  ...memory.view(logits),
  ...memory.view(dLogits),
];
