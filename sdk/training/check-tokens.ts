import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';

/**
 * That the tokens of an input format are there: only a whole model can have new ones.
 *
 * @throws GptletError INVALID_OPTION
 */
export function checkTokens(
  { startToken, delimiterToken, extractToken }: FineTuneOptions,
  { specialTokens }: Pick<Tokenizer, 'specialTokens'>,
): void {
  for (const [name, token] of Object.entries({ startToken, delimiterToken, extractToken })) {
    if (token == null || specialTokens.has(token)) continue;
    const known = [...specialTokens.keys()].slice(0, 8).map(show).join(', ');
    throw new GptletError(
      'INVALID_OPTION',
      `${name} is ${show(token)}, which the tokenizer does not have as a special token; ${known === '' ? 'it has none' : `there are ${known}`}. Method 'full' adds such tokens.`,
    );
  }
}
