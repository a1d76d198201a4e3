import { describe, expect, it } from 'vitest';
import { mark, smallText, textJson, textParts } from '../tokenizer/testing/sentencepiece-files.ts';
import { createTokenizer } from '../tokenizer.ts';
import { bannedSequences } from './banned-texts.ts';
import { logProbability, scoreInput, scoreWindows } from './scoring.ts';

describe('score windows', () => {
  it('are one where the text fits', () => {
    expect(scoreWindows(10, 16, 8, 1)).toEqual([{ start: 0, end: 10, countFrom: 1 }]);
  });

  it('count every token once and give each at least nCtx - stride tokens before it, as far as there are any', () => {
    for (const length of [1, 2, 15, 16, 17, 40, 100]) {
      for (const stride of [1, 3, 8, 15]) {
        const counted: number[] = [];
        for (const { start, end, countFrom } of scoreWindows(length, 16, stride, 1)) {
          expect(end - start).toBeLessThanOrEqual(16);
          for (let i = countFrom; i < end; i++) {
            counted.push(i);
            expect(i - start).toBeGreaterThanOrEqual(Math.min(i, 16 - stride));
          }
        }
        expect(counted).toEqual(Array.from({ length: length - 1 }, (_, i) => i + 1));
      }
    }
  });
});

describe('a tokenizer that puts a space before a text', () => {
  const id = (token: string): number => smallText.tokens.indexOf(token);
  const llama = () => createTokenizer(textJson(textParts.llama));

  it('puts none before a continuation', async () => {
    const of = (context: string, continuation: string) => async () =>
      scoreInput({ context, continuation }, await llama(), 1);
    expect([...(await of('the quick', ' fox')()).tokenIds]).toEqual([...(await of('the quick fox', '')()).tokenIds]);
    expect(await of('', 'the')()).toEqual({ tokenIds: Uint32Array.of(1, id(`${mark}the`)), countFrom: 1 });
  });

  it('puts none before a banned text', async () => {
    expect(bannedSequences(['the'], await llama()).map((ids) => [...ids])).toEqual([[id('the')], [id(`${mark}the`)]]);
  });
});

describe('log-probability', () => {
  it('is the log-softmax, also for large logits', () => {
    const logits = Float32Array.of(9, 9, 1000, 1001, 1002);
    expect(logProbability(logits, 2, 3, 0)).toBeCloseTo(-2 - Math.log(1 + Math.exp(-1) + Math.exp(-2)), 6);
  });
});
