import type { AttentionGradientStep, AttentionStep } from '../step.ts';
import { floatWord } from './machine-structs.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

// Of wasm/gradients/attention-steps.ts and tile.ts.
const block = 64;
const panel = 8;
const edgeBytes = 128;
const scoresBytes = block * (4 * block + 64);
/** Panels over the rows of a block, of a head's size, and over the head, of a block's rows. */
const acrossBytes = (headSize: number): number => (block / panel) * (32 * headSize + 64);
const alongBytes = (headSize: number): number => Math.ceil(headSize / panel) * (32 * block + 64);

export const encodeAttention: Encode<'attention'> = (step, memory) => {
  const panels = acrossBytes(step.headSize) + alongBytes(step.headSize);
  memory.askScratch(edgeBytes + scoresBytes + 8 * block + panels);
  return attendedWords(step, memory);
};

export const encodeAttentionGradient: Encode<'attentionGradient'> = (step, memory) => {
  const panels = 2 * acrossBytes(step.headSize) + 3 * alongBytes(step.headSize);
  memory.askScratch(edgeBytes + 3 * scoresBytes + 8 * block + panels);
  return [...attendedWords(step, memory), ...memory.view(step.dOut), ...memory.view(step.dQkv)];
};

const attendedWords = (step: AttentionStep | AttentionGradientStep, memory: PlanMemory): number[] => [
  ...[step.nHead, step.nKvHead, step.headSize, step.window, floatWord(step.scale), floatWord(step.softCap)],
  ...memory.view(step.qkv),
  ...memory.view(step.logSumExp),
  memory.input('sequenceEnd'),
  ...memory.view(step.out),
];
