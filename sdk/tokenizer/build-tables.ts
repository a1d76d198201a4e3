import { fail, fileText, quote } from './parse-json.ts';
import { kinds } from './split-pattern.ts';
import { most } from './token-tables.ts';
import type { AddedToken, TokenizerDefinition, TokenizerSettings } from './tokenizer-definition.ts';
import { firstCapacity, instantiate, outOfMemory, type TokenizerExports } from './wasm-exports.ts';

const noToken = 0xffffffff;
/** Added tokens are at most this long, in UTF-16 units. */
const longestAdded = 1000;
/** Room for the two tokens of a merge, or for an added token and its bytes. */
const scratchBytes = 1 << 18;

/** Makes the tables in a fresh instance; gives it with the settings that they do not hold. */
export function buildTables(
  module: WebAssembly.Module,
  definition: TokenizerDefinition,
): { wasm: TokenizerExports; settings: TokenizerSettings } {
  const { tables, spelling, ignoreMerges, unknown, ...plan } = definition;
  const { texts, ids, merges, mergeCount, addMerges } = tables;
  const { kind } = plan;
  const encoder = new TextEncoder();
  let idLimit = 0;
  for (const id of ids) idLimit = Math.max(idLimit, id + 1);
  let addedBytes = 0;
  for (const { id, content } of plan.added) {
    idLimit = Math.max(idLimit, (id ?? -1) + 1);
    addedBytes += content.length * 3;
  }
  if (idLimit > ids.length * 64 + 0x10000 || mergeCount > most)
    fail(
      `The vocabulary has ${ids.length} tokens but an id of ${idLimit - 1} and ${mergeCount} merges. Download it again.`,
    );

  const wasm = instantiate(module);
  const bytes = ids.byteLength + texts.length + merges.length + scratchBytes;
  // GPT-1's spelling is 1, of bytes 0 (wasm/tokenizer/token-key.ts).
  const staged = wasm.stageFiles(idLimit, texts.length + addedBytes, mergeCount, bytes, spelling ?? kind === 'gpt1');
  if (!staged) throw outOfMemory('the vocabulary');
  const memory = new Uint8Array(wasm.memory.buffer);
  const textsAt = staged + ids.byteLength;
  const mergesAt = textsAt + texts.length;
  new Uint32Array(memory.buffer, staged).set(ids);
  memory.set(texts, textsAt);
  memory.set(merges, mergesAt);
  const read = wasm.addTokens(textsAt, staged, ids.length);
  if (read < ids.length) {
    fail(
      `The vocabulary's token ${quote(fileText(texts).split('\0')[read])} has the id ${ids[read]} or the text of another, or is longer than 32766 bytes.`,
    );
  }
  const problem = wasm.addMerges(mergesAt, mergesAt + merges.length);
  if (problem) {
    const what = ['begins with', 'ends with', 'makes'][(problem & 7) - 2];
    const lacking = `${what} what the vocabulary lacks; the two files do not belong together`;
    fail(`Line ${problem >> 3} of the merges ${what ? lacking : 'is not two tokens with a space between'}.`);
  }
  // Added tokens are read where the files were.
  addMerges?.(wasm, staged + longestAdded * 8);
  const write = (content: string): number =>
    encoder.encodeInto(content, new Uint8Array(wasm.memory.buffer, staged)).written;
  const find = (content: string): number => wasm.lookUp(staged, write(content)) >>> 0;
  const added: AddedToken[] = [];
  for (const token of plan.added) {
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
  const { before, between, after } = plan.template;
  const template = { before: idsOf(before), between: idsOf(between), after: idsOf(after) };
  wasm.setUnknown(unknown === undefined ? noToken : find(unknown));
  // What regular expressions have cut comes piece by piece.
  wasm.setPattern(kinds.indexOf(kind === 'regex' ? 'none' : kind), ignoreMerges);
  wasm.finishTables(kind === 'gpt1' || ignoreMerges);
  if (!wasm.prepareBuffers(firstCapacity)) throw outOfMemory('the tokenizer');
  return { wasm, settings: { ...plan, template, added } };
}
