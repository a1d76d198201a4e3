import { GptletError } from './gptlet-error.ts';

/** For calls that need text of a checkpoint that came without a tokenizer. @throws GptletError BAD_TOKENIZER, always */
export function noTokenizer(): never {
  throw new GptletError(
    'BAD_TOKENIZER',
    'This checkpoint came without a tokenizer, so there is no text: pass token ids, or add tokenizer.json (or vocab.json and merges.txt) to its files.',
  );
}
