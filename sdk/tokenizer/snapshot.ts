import { bad } from './parse-json.ts';
import type { RareText } from './rare-text.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';
import { firstCapacity, instantiate, outOfMemory, type TokenizerExports } from './wasm-exports.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/**
 * A built tokenizer, fit to be posted: the worker that reads the files hands it to the page, which restores it in a
 * millisecond or two instead of building it again, and needs none of the module's bytes. Both ends come from one build.
 */
export interface TokenizerSnapshot {
  readonly module: WebAssembly.Module;
  readonly settings: TokenizerSettings;
  /** The module's exported variables, which together with its memory are its state. */
  readonly state: Readonly<Record<string, number>>;
  readonly image: Uint8Array<ArrayBuffer>;
}

function variablesOf(wasm: TokenizerExports): [string, WebAssembly.Global][] {
  return Object.entries(wasm).filter(
    (entry): entry is [string, WebAssembly.Global] => (entry[1] as unknown) instanceof WebAssembly.Global,
  );
}

/**
 * Copies a tokenizer made by `createTokenizer`.
 * @throws GptletError BAD_TOKENIZER for another implementation of `Tokenizer`.
 */
export function snapshotTokenizer(tokenizer: Tokenizer): TokenizerSnapshot {
  if (!(tokenizer instanceof WasmTokenizer)) throw bad('Only a tokenizer that createTokenizer made can be copied.');
  const { module, wasm, settings } = tokenizer;
  const state = Object.fromEntries(variablesOf(wasm).map(([name, variable]) => [name, variable.value as number]));
  // The end of what is allocated, as wasm/tokenizer/index.ts names it.
  state.s = state.sealed;
  return { module, settings, state, image: new Uint8Array(wasm.memory.buffer as ArrayBuffer, 0, state.sealed).slice() };
}

/** Makes a tokenizer from a copy, synchronously; `rareText` where {@link needsRareText} says so. */
export function restoreTokenizer(
  { module, settings, state, image }: TokenizerSnapshot,
  rareText?: typeof RareText,
): Tokenizer {
  const wasm = instantiate(module);
  const missing = image.length - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536));
  new Uint8Array(wasm.memory.buffer).set(image);
  for (const [name, variable] of variablesOf(wasm)) variable.value = state[name];
  if (!wasm.prepareBuffers(firstCapacity)) throw outOfMemory('the tokenizer');
  return new WasmTokenizer(module, wasm, settings, rareText);
}
