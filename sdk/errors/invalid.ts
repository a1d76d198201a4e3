import { GptletError, type GptletErrorCode } from './gptlet-error.ts';
import { show } from './show.ts';

/** The error of a value that may not be: "topK is 'many'; it must be a whole number from 0." */
export function invalid(
  name: string,
  value: unknown,
  mustBe: string,
  code: GptletErrorCode = 'INVALID_OPTION',
): GptletError {
  return new GptletError(code, `${name} is ${show(value)}; it must be ${mustBe}.`);
}
