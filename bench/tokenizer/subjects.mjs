// gptlet and its peers behind one shape: encode, decode, and `cool`, which empties the caches of words.
import { readFileSync } from 'node:fs';
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import * as gptTokenizer from 'gpt-tokenizer/encoding/r50k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/gpt2';
import { get_encoding } from 'tiktoken';
import { restoreTokenizer, snapshotTokenizer } from '../../build/sdk/tokenizer/snapshot.js';
import { createTokenizer } from '../../build/sdk/tokenizer.js';
import { importCompiled } from '../compile-testing.mjs';

const { gpt2Files } = await importCompiled('tokenizer/testing/tiktoken-files.js');

/** GPT-2's files, made from the ranks of a devDependency so that no data folder is needed. */
export const files = gpt2Files(ranks);

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;

function hubFiles() {
  const vocab = JSON.parse(files['vocab.json']);
  const merges = files['merges.txt'].split('\n').slice(1, -1);
  return {
    added_tokens: [{ id: 50256, content: '<|endoftext|>', special: true }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: { type: 'BPE', vocab, merges },
  };
}

/** All subjects, gptlet first. */
export async function makeSubjects() {
  const first = await createTokenizer(files);
  const snapshot = snapshotTokenizer(first);
  let own = first;
  const rust = get_encoding('gpt2');
  const bytes = new TextDecoder();
  const plain = new Tiktoken(ranks);
  const hub = new HubTokenizer(hubFiles(), {});
  return [
    {
      name: 'gptlet',
      cool() {
        own = restoreTokenizer(snapshot);
      },
      encode: (text) => own.encode(text),
      decode: (ids) => own.decode(ids),
    },
    {
      name: `gpt-tokenizer ${version('gpt-tokenizer')}`,
      cool: () => gptTokenizer.clearMergeCache(),
      encode: (text) => gptTokenizer.encode(text),
      decode: (ids) => gptTokenizer.decode(ids),
    },
    {
      name: `tiktoken ${version('tiktoken')} (wasm)`,
      cool() {},
      encode: (text) => rust.encode(text, [], []),
      decode: (ids) => bytes.decode(rust.decode(ids)),
    },
    {
      name: `js-tiktoken ${version('js-tiktoken')}`,
      cool() {},
      encode: (text) => plain.encode(text, [], []),
      decode: (ids) => plain.decode(ids),
    },
    {
      name: `@huggingface/tokenizers ${version('@huggingface/tokenizers')}`,
      cool: () => hub.model.clear_cache(),
      encode: (text) => hub.encode(text).ids,
      decode: (ids) => hub.decode(ids),
    },
  ];
}
