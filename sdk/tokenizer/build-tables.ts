import { fail, quote } from './parse-json.ts';
import { kinds } from './split-pattern.ts';
import type { AddedToken, TokenizerDefinition, TokenizerSettings } from './tokenizer-definition.ts';
import { firstCapacity, instantiate, outOfMemory, type TokenizerExports } from './wasm-exports.ts';

const noToken = 0xffffffff;
/** Added tokens are at most this long, in UTF-16 units. */
const longestAdded = 1000;
/** Ids and the numbers of merges lie below. */
const most = 0x1fffff;

/** Makes the tables in a fresh instance; gives it with the settings that they do not hold. */
export function buildTables(
  module: WebAssembly.Module,
  definition: TokenizerDefinition,
): { wasm: TokenizerExports; settings: TokenizerSettings } {
  const { kind, addPrefixSpace, normalization, splits, ignoreMerges } = definition;
  const { tokens } = definition.vocabulary;
  const encoder = new TextEncoder();
  let idLimit = 0;
  const ids = new Uint32Array(tokens.length);
  for (const [i, token] of tokens.entries()) {
    const id = definition.vocabulary.ids[i] as number;
    // What is no whole number, or below zero, changes when it is taken for an unsigned one.
    if (id >>> 0 !== id || id >= most || token.includes('\0'))
      fail(`The vocabulary gives ${quote(token)} the id ${quote(id)}; an id is a whole number below ${most}.`);
    idLimit = Math.max(idLimit, id + 1);
    ids[i] = id;
  }
  let addedBytes = 0;
  for (const { id, content } of definition.added) {
    idLimit = Math.max(idLimit, (id ?? -1) + 1);
    addedBytes += content.length * 3;
  }
  const lines = definition.merges.split('\n').length;
  if (idLimit > tokens.length * 64 + 0x10000 || lines > most)
    fail(
      `The vocabulary has ${tokens.length} tokens but an id of ${idLimit - 1} and ${lines} merges. Download it again.`,
    );

  const text = encoder.encode(`${tokens.join('\0')}\0`);
  const merges = encoder.encode(definition.merges);
  const wasm = instantiate(module);
  // Merges need as much again, to read two tokens into; added tokens are read in the same place.
  const bytes = ids.byteLength + text.length + merges.length * 2 + longestAdded * 8;
  const staged = wasm.stageFiles(idLimit, text.length + addedBytes, lines, bytes, kind !== 'gpt1');
  if (!staged) throw outOfMemory('the vocabulary');
  const memory = new Uint8Array(wasm.memory.buffer);
  const textAt = staged + ids.byteLength;
  const mergesAt = textAt + text.length;
  new Uint32Array(memory.buffer, staged).set(ids);
  memory.set(text, textAt);
  memory.set(merges, mergesAt);
  const read = wasm.addTokens(textAt, staged, tokens.length);
  if (read < tokens.length) {
    fail(
      `The vocabulary's token ${quote(tokens[read])} has the id ${ids[read]} or the text of another, or is longer than 32766 bytes.`,
    );
  }
  const problem = wasm.addMerges(mergesAt, mergesAt + merges.length);
  if (problem) {
    const what = ['begins with', 'ends with', 'makes'][(problem & 7) - 2];
    const lacking = `${what} what the vocabulary lacks; the two files do not belong together`;
    fail(`Line ${problem >> 3} of the merges ${what ? lacking : 'is not two tokens with a space between'}.`);
  }

  const write = (content: string): number => encoder.encodeInto(content, memory.subarray(staged)).written;
  const find = (content: string): number => wasm.lookUp(staged, write(content)) >>> 0;
  const added: AddedToken[] = [];
  for (const token of definition.added) {
    const { content } = token;
    if (content.length > longestAdded) fail(`The added token ${quote(content)} has more than ${longestAdded} letters.`);
    let id = find(content);
    if (token.id !== undefined && id !== token.id) {
      id = token.id;
      if (!wasm.addText(id, staged, write(content)))
        fail(`The added token ${quote(content)} has the id ${id}, which the vocabulary gives to another token.`);
    }
    // A role such as pad_token can name a text that no model id belongs to; there is nothing to find then.
    if (id !== noToken) added.push({ ...token, id });
  }
  const idsOf = (texts: readonly string[]): number[] =>
    texts.map((text) => {
      const id = added.find(({ content }) => content === text)?.id ?? find(text);
      if (id === noToken) fail(`The files put ${quote(text)} around every text, but the vocabulary has no such token.`);
      return id;
    });
  const { before, between, after } = definition.template;
  const template = { before: idsOf(before), between: idsOf(between), after: idsOf(after) };
  wasm.setUnknown(definition.unknown === undefined ? noToken : find(definition.unknown));
  // What regular expressions have cut comes piece by piece.
  wasm.setPattern(kinds.indexOf(kind === 'regex' ? 'none' : kind), ignoreMerges);
  wasm.finishTables(kind === 'gpt1' || ignoreMerges);
  if (!wasm.prepareBuffers(firstCapacity)) throw outOfMemory('the tokenizer');
  return { wasm, settings: { kind, addPrefixSpace, normalization, splits, template, added } };
}
