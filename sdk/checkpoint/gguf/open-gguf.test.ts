import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { collectTensors } from '../testing/collect-tensors.ts';
import { tinyGguf, tinyTensors } from '../testing/tiny-gguf.ts';
import { weightOf } from './testing/unpack-slowly.ts';

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

  it.each([
    ['Q8_0', 8, 34, 'q8'],
    ['Q4_0', 2, 18, 'q4'],
    ['Q5_1', 7, 24, undefined],
  ] as const)('gives rows of %s as floats, and the integers that are ours', async (name, type, blockBytes, dtype) => {
    // Eight rows of one block; scales of 2 to the power of -7 or less.
    const data = Uint8Array.from({ length: 8 * blockBytes }, (_, i) =>
      i % blockBytes < 4 && i % 2 ? 0x20 : (i * 37) % 251,
    );
    const file = tinyGguf((_, tensors) => {
      const at = tensors.findIndex((tensor) => tensor.name === 'blk.1.ffn_down.weight');
      tensors[at] = { ...tensors[at], type, data };
    });
    const checkpoint = await openCheckpoint({ 'tiny.gguf': file });
    let seen = 0;
    for await (const part of checkpoint.tensors()) {
      if (part.name !== 'blocks.1.mlp.down.weight') continue;
      expect(part.quantised?.dtype, name).toBe(dtype);
      for (let row = 0; row < part.rows; row++) {
        const block = data.subarray((part.rowOffset + row) * blockBytes, (part.rowOffset + row + 1) * blockBytes);
        for (let column = 0; column < 32; column++, seen++) {
          expect(part.data[row * 32 + column]).toBeCloseTo(weightOf(type, block, column), 5);
        }
      }
    }
    expect(seen).toBe(8 * 32);
  });
});
