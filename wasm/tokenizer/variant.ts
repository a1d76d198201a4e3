/**
 * Whether this module is for every kind of tokenizer. Most need no more than to tell letters, numbers and white space from the
 * rest; GPT-1's and o200k's patterns, and offsets in normalised text, ask for more, and for tables twice the size. Vocabularies of
 * texts and large files are for this module alone, too. These sources are compiled once for each value
 * (scripts/packaging/wasm-modules.mjs).
 */
export const EVERY_KIND: bool = true;
