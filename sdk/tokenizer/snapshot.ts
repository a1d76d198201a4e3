// A built tokenizer as one ArrayBuffer, so that the worker that reads the files can hand it to the page,
// which restores it in a millisecond or two instead of building it again. The layout is private to one
// version of the package: both ends always come from the same build.
import { bad } from './parse-json.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';
import { firstCapacity, instantiate, outOfMemory, type TokenizerExports } from './wasm-exports.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

interface Header {
  settings: TokenizerSettings;
  state: Record<string, number>;
}

/** The module's exported variables, which together with its memory are its state. */
function stateOf(wasm: TokenizerExports): [string, WebAssembly.Global][] {
  return Object.entries(wasm).filter(
    (entry): entry is [string, WebAssembly.Global] => (entry[1] as unknown) instanceof WebAssembly.Global,
  );
}

/**
 * Copies a tokenizer made by `createTokenizer` into a buffer that can be posted or transferred: four bytes
 * with the length of a JSON header, the header, and the memory image.
 * @throws GptletError BAD_TOKENIZER for another implementation of `Tokenizer`.
 */
export function snapshotTokenizer(tokenizer: Tokenizer): ArrayBuffer {
  if (!(tokenizer instanceof WasmTokenizer)) throw bad('Only a tokenizer that createTokenizer made can be copied.');
  const { wasm, settings } = tokenizer;
  const state = Object.fromEntries(stateOf(wasm).map(([name, variable]) => [name, variable.value as number]));
  state.top = state.sealed;
  const header = new TextEncoder().encode(JSON.stringify({ settings, state } satisfies Header));
  const image = new Uint8Array(wasm.memory.buffer, 0, state.sealed);
  const bytes = new Uint8Array(4 + header.length + image.length);
  new DataView(bytes.buffer).setUint32(0, header.length);
  bytes.set(header, 4);
  bytes.set(image, 4 + header.length);
  return bytes.buffer;
}

/** Makes a tokenizer from a copy, synchronously. */
export function restoreTokenizer(snapshot: ArrayBuffer): Tokenizer {
  const length = snapshot.byteLength >= 4 ? new DataView(snapshot).getUint32(0) : Infinity;
  if (4 + length > snapshot.byteLength)
    throw bad(`The tokenizer copy of ${snapshot.byteLength} bytes is not whole; make it again.`);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(snapshot, 4, length))) as Header;
  const image = new Uint8Array(snapshot, 4 + length);
  const wasm = instantiate();
  const missing = image.length - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536));
  new Uint8Array(wasm.memory.buffer).set(image);
  for (const [name, variable] of stateOf(wasm)) variable.value = header.state[name];
  if (!wasm.prepare(firstCapacity)) throw outOfMemory('the tokenizer');
  return new WasmTokenizer(wasm, header.settings);
}
