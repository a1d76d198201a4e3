import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { importRareText } from './import-rare-text.ts';
import { restoreTokenizer, snapshotTokenizer } from './snapshot.ts';
import { generatedText, randomNumbers } from './testing/generated-text.ts';
import { smallFiles, smallJson } from './testing/small-files.ts';
import { trainGpt1 } from './testing/trained-vocabulary.ts';
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts';

const { vocab, merges } = trainGpt1('the dogs and the foxes and the naïve dogs', 30);
const gpt1: TokenizerFiles = { 'vocab.json': JSON.stringify(vocab), 'merges.txt': merges.join('\n') };

describe('a snapshot', () => {
  it.each([
    ['GPT-2 files', smallFiles()],
    ['GPT-1 files', gpt1],
    [
      'a tokenizer.json with added tokens, a normalizer and ignored merges',
      smallJson(
        { added_tokens: [{ id: 400, content: '<x>', special: true }], normalizer: { type: 'NFC' } },
        { ignore_merges: true },
      ),
    ],
  ])('of %s becomes the same tokenizer, also when taken in use, and from a clone', async (_name, files) => {
    const tokenizer = await createTokenizer(files);
    const early = snapshotTokenizer(tokenizer);
    const random = randomNumbers(1);
    for (let i = 0; i < 200; i++) tokenizer.encode(generatedText(random));
    tokenizer.encode('x'.repeat(500_000));
    const late = snapshotTokenizer(tokenizer);
    expect(late.image.byteLength).toBe(early.image.byteLength);
    const rareText = await importRareText();
    const again = restoreTokenizer(structuredClone(late), rareText);
    const copies: Tokenizer[] = [
      restoreTokenizer(early, rareText),
      again,
      restoreTokenizer(snapshotTokenizer(again), rareText),
    ];
    for (const copy of copies) {
      expect([copy.kind, copy.vocabSize, [...copy.specialTokens]]).toEqual([
        tokenizer.kind,
        tokenizer.vocabSize,
        [...tokenizer.specialTokens],
      ]);
      for (let i = 0; i < 100; i++) {
        const text = generatedText(random);
        const ids = tokenizer.encode(text, { allowSpecial: true });
        expect(copy.encode(text, { allowSpecial: true })).toEqual(ids);
        expect(copy.decode(ids)).toBe(tokenizer.decode(ids));
        expect(copy.offsets(text)).toEqual(tokenizer.offsets(text));
      }
    }
  });

  it('is made of this package’s tokenizers only', () => {
    expect(() => snapshotTokenizer({} as Tokenizer)).toThrow(/createTokenizer/);
  });
});
