import type { GgufMetadata } from './gguf-metadata.ts';

/** What begins a control token's type, in `tokenizer.ggml.token_type`. */
export const tokenTypes = { unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;

/** How published models write the end of a text or of a turn; files often name one of several only. */
const ends: readonly string[] = [
  '<|eot_id|>',
  '<|eom_id|>',
  '<|im_end|>',
  '<|end|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|return|>',
];

/** The ids that end what is generated: those that the file says, and control tokens that mean nothing else. */
export function endTokens(metadata: GgufMetadata): number[] {
  const said = ['eos', 'eot', 'eom'].map((kind) => metadata.number(`tokenizer.ggml.${kind}_token_id`));
  const found = new Set(said.filter((id) => id !== undefined));
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  const types = metadata.numbers('tokenizer.ggml.token_type');
  if (tokens && types) {
    for (let id = 0; id < tokens.length; id++) {
      if (types[id] === tokenTypes.control && ends.includes(tokens.at(id))) found.add(id);
    }
  }
  return [...found];
}
