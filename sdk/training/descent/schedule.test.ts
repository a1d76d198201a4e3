import { describe, expect, it } from 'vitest';
import { scheduleOf } from './schedule.ts';

const size = { kind: 'lora', examples: 1000, isText: false, hasHeld: true, width: 768, seed: 4 } as const;

describe('scheduleOf', () => {
  it("is the papers' where nothing is said", () => {
    const lora = scheduleOf({}, size);
    expect(lora).toMatchObject({ batchSize: 32, steps: 100, learningRate: 5e-4, warmupSteps: 6, dropout: 0, seed: 4 });
    expect(scheduleOf({}, { ...size, examples: 9600 })).toMatchObject({ steps: 900, evaluateEvery: 225 });
    expect(scheduleOf({}, { ...size, kind: 'full' })).toMatchObject({
      learningRate: 6.25e-5,
      dropout: 0.1,
      beta2: 0.999,
    });
    const pretrain = scheduleOf({}, { ...size, kind: 'pretrain', isText: true, examples: 2000, width: 256 });
    expect(pretrain).toMatchObject({ batchSize: 8, steps: 250, warmupSteps: 25, decay: 'cosine', weightDecay: 0.1 });
    expect(pretrain.learningRate).toBeCloseTo(1.8e-3, 10);
    expect(pretrain.patience).toBe(0);
  });

  it('is long enough for few examples, and small enough', () => {
    expect(scheduleOf({}, { ...size, examples: 40 })).toMatchObject({ batchSize: 5, steps: 100 });
    expect(scheduleOf({}, { ...size, examples: 3 })).toMatchObject({ batchSize: 3, steps: 100 });
    expect(scheduleOf({}, { ...size, hasHeld: false }).patience).toBe(0);
  });

  it('takes what is said', () => {
    expect(scheduleOf({ epochs: 2.5, batchSize: 100 }, size).steps).toBe(25);
    expect(scheduleOf({ steps: 7 }, size)).toMatchObject({ steps: 7, evaluateEvery: 2 });
    expect(scheduleOf({ steps: 200, warmup: 0.5 }, size).warmupSteps).toBe(100);
    expect(scheduleOf({ steps: 200, warmup: 20 }, size).warmupSteps).toBe(20);
    expect(scheduleOf({ steps: 200, warmup: 1000 }, size).warmupSteps).toBe(200);
    expect(scheduleOf({ schedule: 'cosine', clip: 0, patience: 9 }, size)).toMatchObject({
      decay: 'cosine',
      finalRate: 0.05,
      maxNorm: 0,
      patience: 9,
    });
  });
});
