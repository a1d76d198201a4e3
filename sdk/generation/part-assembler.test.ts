import { describe, expect, it } from 'vitest';
import type { GenerationPart } from '../loaded-model/generation.ts';
import { mark, smallText, textJson, textParts } from '../tokenizer/testing/sentencepiece-files.ts';
import { createTokenizer } from '../tokenizer.ts';
import { PartAssembler } from './part-assembler.ts';

const options = { stop: [], minNewTokens: 0, logprobs: undefined };

describe('parts', () => {
  it('of a GPT-1 model begin with the space after the prompt', async () => {
    const vocabulary = { '<unk>': 0, a: 1, b: 2, 'a</w>': 3, 'b</w>': 4 };
    const tokenizer = await createTokenizer(
      { 'vocab.json': JSON.stringify(vocabulary), 'merges.txt': '#version: 0.2\n' },
      { kind: 'gpt1' },
    );
    const parts: GenerationPart[] = [];
    const assembler = new PartAssembler(tokenizer, Uint32Array.of(3), options, (part) => parts.push(part));
    for (const id of [4, 1, 4]) assembler.push(id, undefined);
    assembler.end(false);
    expect(`a${assembler.text}`.trimEnd()).toBe('a b ab');
    expect(parts.map(({ text }) => text).join('')).toBe(assembler.text);
  });

  it('of a SentencePiece model begin with the space after the prompt, and without one where nothing is before', async () => {
    const bos = { add_bos_token: true, bos_token: '<s>' };
    const files = { ...textJson(textParts.llama), 'tokenizer_config.json': JSON.stringify(bos) };
    const tokenizer = await createTokenizer(files);
    const id = smallText.tokens.indexOf(`${mark}the`);
    for (const [prompt, expected] of [
      ['the', ' the the'],
      ['', 'the the'],
    ]) {
      const assembler = new PartAssembler(tokenizer, tokenizer.encode(prompt), options, () => {});
      for (const next of [id, id]) assembler.push(next, undefined);
      assembler.end(false);
      expect(assembler.text).toBe(expected);
    }
  });

  it('carry every token, also those whose text is not complete yet', () => {
    const parts: GenerationPart[] = [];
    const assembler = new PartAssembler(undefined, Uint32Array.of(1), options, (part) => parts.push(part));
    for (const id of [5, 6, 7]) assembler.push(id, undefined);
    assembler.end(false);
    expect(parts.flatMap(({ tokenIds }) => tokenIds)).toEqual([5, 6, 7]);
  });

  it('give no text for ids beyond the vocabulary, which padded embeddings have rows for', async () => {
    const files = { 'vocab.json': '{"<unk>":0,"a":1,"b":2}', 'merges.txt': '#version: 0.2\n' };
    const assembler = new PartAssembler(await createTokenizer(files), Uint32Array.of(1), options, () => {});
    for (const id of [1, 7, 2]) assembler.push(id, undefined);
    assembler.end(false);
    expect(assembler.text).toBe('ab');
    expect(assembler.tokenIds).toEqual([1, 7, 2]);
  });
});
