import { GptletError } from '../../errors/gptlet-error.ts';

/** The error for what gptlet does not compute. */
export const unsupported = (what: string): GptletError => new GptletError('UNSUPPORTED_MODEL', `config.json: ${what}`);

/** The error for what makes no sense. */
export const badConfig = (what: string): GptletError => new GptletError('BAD_CHECKPOINT', `config.json: ${what}`);

/** {@link badConfig} for a value: "vocab_size is 0; it must be a whole number from 1." */
export const badValue = (name: string, value: unknown, must: string): GptletError =>
  badConfig(`${name} is ${JSON.stringify(value)?.slice(0, 200)}; it must ${must}.`);
