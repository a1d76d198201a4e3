import { bad, fail, quote } from './parse-json.ts';
import { patternNumbers } from './split-pattern.ts';
import type { AddedToken, TokenizerDefinition, TokenizerSettings } from './tokenizer-definition.ts';
import { firstCapacity, instantiate, outOfMemory, type TokenizerExports } from './wasm-exports.ts';

const noToken = 0xffffffff;
/** Added tokens are at most this long, in bytes. */
const longestAdded = 1000;
/** No vocabulary comes near this, in bytes; what is larger is some other file. */
const largestFile = 1 << 27;

/** A problem that the module reports, in words; the numbers are those of parse-vocabulary.ts, parse-merges.ts and build.ts. */
function explain(problem: number, wasm: TokenizerExports): Error {
  const byte = wasm.errorPosition();
  const id = wasm.errorToken() >>> 0;
  const line = `line ${wasm.errorLine()} of the merges`;
  const again = 'Download the file again.';
  const words: Record<number, string> = {
    1: `The vocabulary is not a JSON object from token to id: syntax error at byte ${byte}. ${again}`,
    2: `The vocabulary has a bad id at byte ${byte}; an id is a whole number from 0 to 2097150. ${again}`,
    3: `The vocabulary gives the id ${id} to two tokens (second at byte ${byte}). ${again}`,
    4: `The vocabulary has the token with id ${id} (at byte ${byte}) twice. ${again}`,
    5: `The vocabulary has a token of more than 32766 bytes (at byte ${byte}). ${again}`,
    6: `${line} is not two tokens with a space between. ${again}`,
    7: `The first token in ${line} is not in the vocabulary; the two files do not belong together.`,
    8: `The second token in ${line} is not in the vocabulary; the two files do not belong together.`,
    9: `What ${line} merge to is not in the vocabulary; the two files do not belong together.`,
    10: `The highest id is far beyond the number of tokens in the vocabulary. ${again}`,
    11: `There are more than 2097151 merges, more than any GPT has. ${again}`,
  };
  const text = words[problem];
  return bad(text[0].toUpperCase() + text.slice(1));
}

/** Makes the tables in a fresh instance; gives it with the settings that they do not hold. */
export function buildTables(
  module: WebAssembly.Module,
  definition: TokenizerDefinition,
): { wasm: TokenizerExports; settings: TokenizerSettings } {
  const wasm = instantiate(module);
  const encoder = new TextEncoder();
  const bytesOf = (file: string | Uint8Array): Uint8Array => (typeof file === 'string' ? encoder.encode(file) : file);
  const vocabulary = bytesOf(definition.vocabulary);
  const merges = bytesOf(definition.merges);
  const gpt1 = definition.kind === 'gpt1';
  const size = Math.max(vocabulary.length, merges.length);
  if (size > largestFile) fail(`A file of ${size} bytes is no vocabulary; the limit is ${largestFile} bytes.`);

  const staged = wasm.stage(vocabulary.length, merges.length);
  if (!staged) throw outOfMemory('the vocabulary');
  const memory = new Uint8Array(wasm.memory.buffer);
  memory.set(vocabulary, staged);
  memory[staged + vocabulary.length] = 0;
  memory.set(merges, staged + vocabulary.length + 1);
  let idLimit = 0;
  let addedBytes = 0;
  for (const { id, content } of definition.added) {
    idLimit = Math.max(idLimit, (id ?? -1) + 1);
    addedBytes += content.length * 3;
  }
  const problem =
    wasm.buildVocabulary(vocabulary.length, merges.length, idLimit, addedBytes, !gpt1) ||
    wasm.buildMerges(merges.length);
  if (problem) throw explain(problem, wasm);

  const write = (text: string): number => {
    const target = new Uint8Array(wasm.memory.buffer, wasm.keyBuffer(), longestAdded);
    const { read, written } = encoder.encodeInto(text, target);
    return read === text.length
      ? written
      : fail(`The added token ${quote(text)} is longer than ${longestAdded} bytes.`);
  };
  const find = (text: string): number => wasm.lookUp(write(text)) >>> 0;
  const added: AddedToken[] = [];
  for (const token of definition.added) {
    let id = find(token.content);
    if (token.id !== undefined && id !== token.id) {
      if (wasm.hasToken(token.id)) {
        fail(
          `The added token ${quote(token.content)} has the id ${token.id}, which the vocabulary gives to another token.`,
        );
      }
      id = token.id;
      wasm.addText(id, write(token.content));
    }
    // A role such as pad_token can name a text that no model id belongs to; there is nothing to find then.
    if (id !== noToken) added.push({ ...token, id });
  }
  const unknown = definition.unknown === undefined ? noToken : find(definition.unknown);
  wasm.setUnknown(unknown);
  wasm.setPattern(patternNumbers[definition.kind], definition.ignoreMerges);
  wasm.finish(gpt1 || definition.ignoreMerges);
  if (!wasm.prepare(firstCapacity)) throw outOfMemory('the tokenizer');
  const { kind, addPrefixSpace, normalization } = definition;
  return { wasm, settings: { kind, addPrefixSpace, normalization, added } };
}
