import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GptletError } from '../../errors/gptlet-error.ts';
import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { readGgufHeader } from './gguf-header.ts';
import { GgufMetadata } from './gguf-metadata.ts';
import { tokenizerFilesOf } from './tokenizer-json.ts';

// llama.cpp's own vocabularies and what the hub's tokenizers make of its test texts: a folder of its models/ggml-vocab-*.gguf
// with their .inp and .out. Only where GGUF_VOCABULARIES names it, and of those only whose way to split text is known.
const folder = process.env['GGUF_VOCABULARIES'] ?? '';
const known = /-(gpt-2|mpt|refact|starcoder|llama-bpe|llama-spm|phi-3|qwen2)\.gguf$/;
const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => known.test(name) && existsSync(`${folder}/${name}.out`))
  : [];

describe.skipIf(names.length === 0)('vocabularies of llama.cpp', () => {
  it.each(names)('%s gives the ids that the hub does', async (name) => {
    const bytes = readFileSync(`${folder}/${name}`);
    const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
    const { metadata } = await readGgufHeader(read, bytes.length, (what) => new GptletError('BAD_CHECKPOINT', what));
    const values = new Map(metadata);
    // The expected ids are without what goes around a text.
    for (const kind of ['bos', 'eos']) values.set(`tokenizer.ggml.add_${kind}_token`, false);
    const tokenizer = await createTokenizer(tokenizerFilesOf(new GgufMetadata(values, name)));
    const texts = readFileSync(`${folder}/${name}.inp`, 'utf8').split('\n__ggml_vocab_test__\n');
    const expected = readFileSync(`${folder}/${name}.out`, 'utf8')
      .split('\n')
      .map((line) =>
        line
          .split(' ')
          .filter((id) => id !== '')
          .map(Number),
      );
    const differences = texts
      .map((text, i) => ({ text, ids: [...tokenizer.encode(text)], expected: expected[i] }))
      .filter(({ ids, expected: wanted }) => ids.join() !== wanted.join());
    expect(differences).toEqual([]);
    expect(texts.length).toBeGreaterThan(40);
  });
});
