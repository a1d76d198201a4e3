import { describe, expect, it } from 'vitest';
import { smallModel } from '../../backends/wasm/testing/random-model.ts';
import { loraSlots } from '../testing/random-training.ts';
import { createPlan } from './create-plan.ts';
import { planBytes } from './plan-bytes.ts';
import type { PlanOptions } from './plan-options.ts';

const gpt2 = smallModel({
  ...{ nLayer: 12, nHead: 12, nKvHead: 12, headSize: 64, nEmbd: 768, nInner: 3072, nCtx: 1024, learnedPositions: 1024 },
  vocabSize: 50_257,
});

const lora: PlanOptions = {
  config: gpt2,
  method: { kind: 'lora', slots: loraSlots(gpt2, () => true, false), rank: 8, alpha: 16, dropout: 0.05 },
  ...{ dtype: 'q8', language: true, dropout: 0.1, mostTokens: 8 * 128, mostOutputs: 0, checkpointing: false },
  adamW: { decay: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxNorm: 1 },
};

describe('memory of a training', () => {
  it('is below 700 MB for LoRA on every matrix of 124M, 8 × 128 tokens, the weights in q8 with it', () => {
    expect(planBytes(createPlan(lora))).toBeLessThan(700e6);
  });

  it('is below 350 MB where blocks are done again', () => {
    expect(planBytes(createPlan({ ...lora, checkpointing: true }))).toBeLessThan(350e6);
  });

  it('does not grow with the vocabulary times the tokens', () => {
    const plan = createPlan({ ...lora, mostTokens: 4096 });
    expect(plan.buffers.find(({ name }) => name === 'logits')!.length).toBeLessThan(2 ** 22);
  });

  it('is that of weights, their gradients and moments, four bytes each, where all is trained and few tokens go through', () => {
    const plan = createPlan({ ...lora, method: { kind: 'full' }, mostTokens: 1, checkpointing: true });
    const weights = plan.parameters.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    expect(planBytes(plan)).toBeGreaterThan(16 * weights);
    expect(planBytes(plan)).toBeLessThan(16.2 * weights);
  });

  it('keeps nothing of blocks below the lowest that learns', () => {
    const method = { ...lora.method, slots: loraSlots(gpt2, (block) => block >= 9, false) } as PlanOptions['method'];
    const names = createPlan({ ...lora, method }).buffers.map(({ name }) => name);
    expect(names.filter((name) => /^blocks\.[0-8]\./.test(name))).toEqual([]);
    expect(names).toContain('blocks.9.qkv');
  });
});
