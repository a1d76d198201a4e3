// gptlet's tokenizer beside the hub's own JavaScript, string by string.
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { importCompiled } from '../../bench/compile-testing.mjs';
import { stringsFor } from './strings.mjs';

const { generatedText, randomNumbers } = await importCompiled('tokenizer/testing/generated-text.js');
const { wellFormed } = await importCompiled('tokenizer/testing/hub-tokenizer.js');
const { newerCharacters } = await importCompiled('tokenizer/testing/newer-characters.js');

const shown = 5;

/** The hub's tokenizer of the same files. */
export function hubTokenizer(files) {
  const [json, config] = ['tokenizer.json', 'tokenizer_config.json'].map((name) =>
    JSON.parse(new TextDecoder().decode(files[name])),
  );
  return new HubTokenizer(json, { ...config, clean_up_tokenization_spaces: false });
}

const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

/** The stream decoder's pieces of ids, joined. */
function streamed(tokenizer, ids) {
  const decoder = tokenizer.decoder();
  let text = '';
  for (const id of ids) text += decoder.push(id);
  return text + decoder.flush();
}

/**
 * Compares ids and texts of `count` strings; gives how many strings each way differed.
 * What the two cannot agree about is left out: characters that only one's Unicode version knows, and U+FEFF where the hub's
 * code decodes bytes, which it takes for a mark and drops.
 */
export function compareStrings(tokenizer, hub, files, count, seed) {
  const random = randomNumbers(seed);
  const next = stringsFor(files, generatedText, random);
  const all = { allowSpecial: true };
  const bare = { ...all, addSpecial: false };
  const hubIds = (text, add_special_tokens) => hub.encode(text, { add_special_tokens }).ids;
  const newer = newerCharacters({ encode: (text) => tokenizer.encode(text, bare) }, (text) =>
    hubIds(wellFormed(text), false),
  );
  if (tokenizer.kind === 'sentencepiece') newer.add('\ufeff');
  // A long s is an s to Rust's regular expressions where case does not count, so `'ſ` belongs to the word before it as `'s` does:
  // tiktoken's ids and ours. The hub's JavaScript takes it for another letter.
  if (tokenizer.kind === 'o200k') newer.add('ſ');
  // The hub's JavaScript looks for a template in tokenizer.json only.
  const ownTemplate = same(hubIds('a', true), Array.from(tokenizer.encode('a', all)));
  const differences = { encode: 0, template: 0, decode: 0, stream: 0, 'any ids': 0 };
  const judge = (what, given, found, expected) => {
    if (typeof found === 'string' ? found === expected : same(found, expected)) return;
    if (differences[what]++ < shown) console.log(`${what} differs: ${JSON.stringify([given, found, expected])}`);
  };
  let changed = 0;
  for (let i = 0; i < count; i++) {
    const made = wellFormed(next());
    const text = Array.from(made, (character) => (newer.has(character) ? '' : character)).join('');
    if (text.length < made.length) changed++;
    const expected = hubIds(text, false);
    const ids = Array.from(tokenizer.encode(text, bare));
    judge('encode', text, ids, expected);
    // A text that begins with the token is not given a second one.
    if (ownTemplate && i % 10 === 0 && !tokenizer.template.before.includes(ids[0]))
      judge('template', text, Array.from(tokenizer.encode(text, all)), hubIds(text, true));
    if (ids.length === 0) continue;
    judge('decode', ids, tokenizer.decode(ids), hub.decode(ids));
    judge('decode', ids, tokenizer.decode(ids, { skipSpecial: true }), hub.decode(ids, { skip_special_tokens: true }));
    judge('stream', ids, streamed(tokenizer, ids), tokenizer.decode(ids));
    const any = Array.from({ length: 1 + random(12) }, () => random(tokenizer.vocabSize)).filter((id) =>
      hub.id_to_token(id),
    );
    if (any.length > 0) judge('any ids', any, tokenizer.decode(any), hub.decode(any));
    if ((i + 1) % 20_000 === 0) console.error(`  ${i + 1} strings`);
  }
  return { differences, changed, newer: newer.size };
}
