import { type ParseArgsConfig, parseArgs } from 'node:util';
import { GptletError } from '../errors/gptlet-error.ts';
import { unknownOption } from '../options/check-options.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<Given extends Options> = ReturnType<typeof parseArgs<{ options: Given; allowPositionals: true }>>;

/**
 * Node's parseArgs, which says what was meant where there is no such option.
 *
 * @param hint ends every message
 * @throws GptletError INVALID_OPTION
 */
export function parseOptions<Given extends Options>(
  args: readonly string[],
  options: Given,
  hint: string,
): Parsed<Given> {
  const config = { args: [...args], options, allowPositionals: true } as const;
  try {
    for (const token of parseArgs({ ...config, strict: false, tokens: true }).tokens) {
      if (token.kind === 'option' && !Object.hasOwn(options, token.name))
        throw unknownOption(
          token.rawName,
          Object.keys(options).map((name) => `--${name}`),
        );
    }
    return parseArgs(config) as Parsed<Given>;
  } catch (cause) {
    throw new GptletError('INVALID_OPTION', `${(cause as Error).message} ${hint}`, { cause });
  }
}
