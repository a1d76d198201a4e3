import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import type { InputFormatConfig, Truncation } from '../model/config.ts';
import { show } from '../options/check-options.ts';

const truncations: readonly Truncation[] = ['head', 'tail', 'both', 'windows'];

/** @throws GptletError with `code` for anything else than a {@link Truncation} or nothing */
export function checkTruncation(value: unknown, what: string, code: GptletErrorCode): void {
  if (value === undefined || truncations.includes(value as Truncation)) return;
  throw new GptletError(code, `${what} is ${show(value)}; it must be one of ${truncations.join(', ')}.`);
}

/** The values of config.json's `gptlet` entry that no tokenizer checks. @throws GptletError BAD_CHECKPOINT */
export function checkInputFormat(named: InputFormatConfig | undefined): void {
  checkTruncation(named?.truncation, 'config.json: gptlet.truncation', 'BAD_CHECKPOINT');
  const temperature = named?.temperature;
  if (temperature === undefined || (Number.isFinite(temperature) && temperature > 0)) return;
  throw new GptletError(
    'BAD_CHECKPOINT',
    `config.json: gptlet.temperature is ${show(temperature)}; it must be a number above 0.`,
  );
}
