import { GptletError } from '../errors/gptlet-error.ts';

/** The number that an option of the command line says; undefined where it is not given. @throws GptletError INVALID_OPTION */
export function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === '' || Number.isNaN(parsed))
    throw new GptletError('INVALID_OPTION', `--${name} is '${value}'; it must be a number.`);
  return parsed;
}
