import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../model/config.ts';
import { mergedTensors, randomAdapter } from '../testing/random-adapter.ts';
import { buildEngine, largestDifference, randomTensors, smallModel } from '../wasm/testing/random-model.ts';
import { createReferenceEngineBuilder } from './index.ts';

const ids = Uint32Array.from({ length: 12 }, (_, i) => (i * 37) % 101);
const configs: [string, ModelConfig][] = [
  ['GPT-2', smallModel()],
  ['gates, and a convolution', lfmLike()],
];

function lfmLike(): ModelConfig {
  const small = smallModel({ gatedMlp: true, normKind: 'rms', convolutionSize: 3, biases: [] });
  return { ...small, blockKind: ['convolution', 'attention'] };
}

describe('an adapter on the reference engine', () => {
  it.each(configs)('is W + scale b a: %s', async (_, config) => {
    const tensors = randomTensors(config, 3);
    const adapter = randomAdapter(config, 4);
    const engine = await buildEngine(createReferenceEngineBuilder, config, tensors, { dtype: 'f32' });
    const plain = await engine.forward(ids, 0, { logits: 'all' });
    const id = await engine.addAdapter(adapter);
    const adapted = await engine.forward(ids, 0, { logits: 'all', adapter: id });
    const merged = mergedTensors(tensors, adapter);
    const wanted = await buildEngine(createReferenceEngineBuilder, config, merged, { dtype: 'f32' });
    const expected = await wanted.forward(ids, 0, { logits: 'all' });
    // The merged weights are rounded to f32, products of b and a are not.
    expect(largestDifference(adapted.logits!, expected.logits!)).toBeLessThan(1e-5);
    expect(largestDifference(adapted.logits!, plain.logits!)).toBeGreaterThan(0.1);
    expect(await engine.forward(ids, 0, { logits: 'all' })).toEqual(plain);
    engine.removeAdapter(id);
    await expect(engine.forward(ids, 0, { adapter: id })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
