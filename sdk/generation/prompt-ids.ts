import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * A prompt as token ids that the model can run; an empty text is its begin-of-text token.
 *
 * @throws GptletError INVALID_OPTION, CONTEXT_OVERFLOW
 */
export function promptIds(
  prompt: Prompt,
  { config, tokenizer }: { readonly config: ModelConfig; readonly tokenizer: Tokenizer | undefined },
): Uint32Array {
  if (typeof prompt !== 'string') return checkIds(prompt, config);
  const tokenIds = (tokenizer ?? noTokenizer()).encode(prompt);
  if (tokenIds.length > 0) return checkIds(tokenIds, config);
  if (config.bosTokenId === undefined) {
    throw new GptletError(
      'INVALID_OPTION',
      'The prompt is empty and this model has no begin-of-text token to start from; give it some text.',
    );
  }
  return Uint32Array.of(config.bosTokenId);
}

/** Token ids, at least one and at most nCtx, all of the vocabulary. @throws GptletError INVALID_OPTION, CONTEXT_OVERFLOW */
export function checkIds(
  tokenIds: Uint32Array | readonly number[],
  { vocabSize, nCtx }: Pick<ModelConfig, 'vocabSize' | 'nCtx'>,
): Uint32Array {
  if (!Array.isArray(tokenIds) && !ArrayBuffer.isView(tokenIds))
    throw invalid('the prompt', tokenIds, 'a text, or an array of token ids');
  if (tokenIds.length === 0) throw new GptletError('INVALID_OPTION', 'There are no token ids; at least one is needed.');
  if (tokenIds.length > nCtx) {
    throw new GptletError(
      'CONTEXT_OVERFLOW',
      `The prompt has ${tokenIds.length} tokens, the model's context holds ${nCtx}: shorten it, for instance by leaving out its beginning.`,
    );
  }
  for (let i = 0; i < tokenIds.length; i++) {
    const id = tokenIds[i];
    if (!Number.isInteger(id) || id < 0 || id >= vocabSize) {
      throw new GptletError(
        'INVALID_OPTION',
        `Token id ${id} at index ${i} is not in the vocabulary; ids are whole numbers from 0 to ${vocabSize - 1}.`,
      );
    }
  }
  return tokenIds instanceof Uint32Array ? tokenIds : Uint32Array.from(tokenIds);
}
