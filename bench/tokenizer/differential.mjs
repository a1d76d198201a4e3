// The long differential test: gptlet against tiktoken, js-tiktoken and gpt-tokenizer on generated strings, and
// GPT-1 against the slow reference of the tests. Fails on any difference.
// Usage: npm run bench -- tokenizer --differential [--strings 1000000] [--gpt1-strings 100000] [--seed 1]
import { existsSync, readFileSync } from 'node:fs';
import * as gptTokenizer from 'gpt-tokenizer/encoding/r50k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/gpt2';
import { get_encoding } from 'tiktoken';
import { createTokenizer } from '../../build/sdk/tokenizer.js';
import { importCompiled } from '../compile-testing.mjs';

const { generatedText, randomNumbers } = await importCompiled('tokenizer/testing/generated-text.js');
const { gpt1Reference } = await importCompiled('tokenizer/testing/gpt1-reference.js');
const { newerCharacters } = await importCompiled('tokenizer/testing/newer-characters.js');
const { gpt2Files } = await importCompiled('tokenizer/testing/tiktoken-files.js');
const { trainGpt1 } = await importCompiled('tokenizer/testing/trained-vocabulary.js');

const folder = '../shared/data/tokenizers/gpt1/';

/** Lone surrogates as TextEncoder writes them. */
function wellFormed(text) {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** Whether two lists of ids are equal. */
function same(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function report(name, compared, changed, different, why) {
  console.log(
    `${name.padEnd(24)} ${different} differences in ${compared} strings${changed ? `; ${changed} compared without some characters: ${why}` : ''}`,
  );
  const row = {
    suite: 'tokenizer-differential',
    case: 'generated strings',
    subject: name,
    unit: '',
    min: different,
    max: different,
    runs: 1,
  };
  return [
    { ...row, metric: 'differences', median: different },
    { ...row, metric: 'strings compared', median: compared, min: compared, max: compared },
  ];
}

async function againstPeers(strings, seed) {
  const tokenizer = await createTokenizer(gpt2Files(ranks));
  const rust = get_encoding('gpt2');
  const plain = new Tiktoken(ranks);
  const loose = { disallowedSpecial: new Set() };
  const peers = [
    { name: 'tiktoken', encode: (text) => rust.encode(text, [], []) },
    { name: 'js-tiktoken', encode: (text) => plain.encode(text, [], []) },
    { name: 'gpt-tokenizer', encode: (text) => gptTokenizer.encode(text, loose) },
  ].map((peer) => ({ ...peer, newer: newerCharacters(tokenizer, peer.encode), changed: 0, different: 0 }));
  for (const { name, newer } of peers) console.log(`${name}: ${newer.size} characters are of another class there`);
  const random = randomNumbers(seed);
  let unfaithful = 0;
  for (let i = 0; i < strings; i++) {
    const text = generatedText(random);
    const ids = tokenizer.encode(text);
    if (tokenizer.decode(ids) !== wellFormed(text)) unfaithful++;
    const characters = Array.from(text);
    for (const peer of peers) {
      // Characters that the two cannot agree about are taken out; the rest is compared all the same.
      const changed = characters.some((character) => peer.newer.has(character));
      const common = changed ? characters.filter((character) => !peer.newer.has(character)).join('') : text;
      if (changed) peer.changed++;
      // gpt-tokenizer does not replace lone surrogates by itself.
      const given = peer.name === 'gpt-tokenizer' ? wellFormed(common) : common;
      if (same(changed ? tokenizer.encode(common) : ids, peer.encode(given))) continue;
      if (peer.different++ < 5) console.log(`${peer.name} differs: ${JSON.stringify(common)}`);
    }
    if ((i + 1) % 100_000 === 0) console.error(`${i + 1} strings`);
  }
  const why = 'characters of one Unicode version only, U+0085 and U+FEFF in JavaScript';
  return [
    ...peers.flatMap(({ name, changed, different }) => report(name, strings, changed, different, why)),
    ...report('decode(encode(text))', strings, 0, unfaithful),
  ];
}

async function againstReference(strings, seed) {
  const real = existsSync(`${folder}vocab_40000.bpe`);
  const lesson =
    'the quick brown fox jumps over the lazy dog, and the other dogs run over and over again; 1998, 2024. naïve мир';
  const { vocab, merges } = real
    ? {
        vocab: JSON.parse(readFileSync(`${folder}encoder_bpe_40000.json`, 'utf8')),
        merges: readFileSync(`${folder}vocab_40000.bpe`, 'utf8').split('\n').slice(1, -1),
      }
    : trainGpt1(lesson, 150);
  const tokenizer = await createTokenizer({ 'vocab.json': JSON.stringify(vocab), 'merges.txt': merges.join('\n') });
  const reference = gpt1Reference(vocab, merges);
  const random = randomNumbers(seed + 1);
  let different = 0;
  for (let i = 0; i < strings; i++) {
    const text = generatedText(random);
    if (same(tokenizer.encode(text), reference(text))) continue;
    if (different++ < 5) console.log(`GPT-1 differs: ${JSON.stringify(text)}`);
  }
  return report(`GPT-1 reference${real ? '' : ' (small)'}`, strings, 0, different);
}

/** Runs the test; gives rows `{ suite, case, subject, metric, unit, median, min, max, runs }`. */
export default async function run(args = []) {
  const option = (name, standard) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : standard);
  const seed = option('--seed', 1);
  const rows = [
    ...(await againstPeers(option('--strings', 1_000_000), seed)),
    ...(await againstReference(option('--gpt1-strings', 100_000), seed)),
  ];
  if (rows.some(({ metric, median }) => metric === 'differences' && median > 0))
    throw new Error('There are differences.');
  return rows;
}
