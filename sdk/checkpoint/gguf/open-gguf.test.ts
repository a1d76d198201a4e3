import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { collectTensors } from '../testing/collect-tensors.ts';
import { tinyGguf, tinyTensors } from '../testing/tiny-gguf.ts';

describe('a GGUF file', () => {
  it('is a checkpoint by itself: config, tokenizer and every weight', async () => {
    const checkpoint = await openCheckpoint({ 'tiny.gguf': tinyGguf() });
    expect(checkpoint.config).toMatchObject({
      ...{ architecture: 'gpt2', nLayer: 2, nHead: 2, nEmbd: 8, nInner: 32, nCtx: 6, vocabSize: 20, tiedHead: true },
      ...{ bosTokenId: 19, eosTokenIds: [19] },
    });
    expect(checkpoint.dtype).toBeUndefined();
    const tensors = await collectTensors(checkpoint);
    const floats = (name: string): number[] => {
      const data = tinyTensors().find((tensor) => tensor.name === name)?.data as Uint8Array;
      return [...new Float32Array(data.buffer)];
    };
    expect(tensors.get('blocks.1.attention.qkv.weight')).toEqual(floats('blk.1.attn_qkv.weight'));
    expect(tensors.get('blocks.0.mlp.down.bias')).toEqual(floats('blk.0.ffn_down.bias'));
    expect(tensors.get('finalNorm.weight')).toEqual(floats('output_norm.weight'));
    expect(tensors.size).toBe(28);
  });
});
