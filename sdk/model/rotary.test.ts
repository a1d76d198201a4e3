import { describe, expect, it } from 'vitest';
import type { RotaryConfig } from './config.ts';
import { rotaryAngles } from './rotary.ts';

describe('longrope', () => {
  const turn: RotaryConfig = {
    size: 4,
    base: 100,
    scaling: { kind: 'longrope', shortFactors: [1, 2], longFactors: [4, 5], originalContext: 32, attentionFactor: 1.5 },
  };

  it.each([
    [32, [1, 0.1 / 2]],
    [33, [1 / 4, 0.1 / 5]],
  ])("of a model loaded for %s tokens, 32 being the first training's", (nCtx, frequencies) => {
    const angles = rotaryAngles(turn, nCtx);
    expect([...angles.frequencies]).toEqual(frequencies.map((f) => expect.closeTo(f, 12)));
    expect(angles.magnitude).toBe(1.5);
  });
});
