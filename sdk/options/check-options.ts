import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import { checkArgument } from './check-argument.ts';
import { object } from './kinds.ts';
import { nearestName } from './nearest-name.ts';
import type { OptionRow } from './table.ts';

/** A table with each option that there is. */
export type TableOf<Options> = { readonly [Name in keyof Options]-?: OptionRow };

/** Has no option that there is not. */
type OnlyOf<Options, Table> = { readonly [Name in Exclude<keyof Table, keyof Options>]: never };

/** The names of a table that have a default. */
type Defaulted<Table> = { [Name in keyof Table]: Table[Name] extends { default: unknown } ? Name : never }[keyof Table];

/**
 * That options are an object, each of them one of the table and what it may be: one that is misspelt would be ignored.
 *
 * @returns a copy of what was given; undefined and null are "not given"
 * @throws GptletError INVALID_OPTION
 */
export function checkOptions<Options extends object, Table extends TableOf<Options>>(
  table: Table & OnlyOf<Options, Table>,
  given: Options,
): Options {
  checkArgument('options', given, object);
  const options = table as Readonly<Record<string, OptionRow>>;
  const checked: Record<string, unknown> = {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(options, name)) throw unknownOption(name, Object.keys(options));
  for (const [name, { kind, required }] of Object.entries(options)) {
    // Also those that a caller inherits from defaults of their own.
    const value: unknown = name in given ? given[name as keyof Options] : undefined;
    if (value != null || required) {
      checkArgument(name, value, kind);
      checked[name] = value;
    }
  }
  return checked as Options;
}

/** {@link checkOptions}, and the table's defaults for what was not given. @throws GptletError INVALID_OPTION */
export function resolveOptions<Options extends object, Table extends TableOf<Options>>(
  table: Table & OnlyOf<Options, Table>,
  given: Options,
): Options & Required<Pick<Options, Defaulted<Table> & keyof Options>> {
  return { ...defaultsOf<Options>(table), ...checkOptions(table, given) } as never;
}

/** What options are where nobody says. */
export function defaultsOf<Options extends object>(table: TableOf<Options>): Partial<Options> {
  const defaults = Object.entries<OptionRow>(table).filter((entry) => entry[1].default !== undefined);
  return Object.fromEntries(defaults.map(([name, option]) => [name, option.default])) as Partial<Options>;
}

/** Says what is there instead, or what was meant. */
export function unknownOption(name: string, names: readonly string[]): GptletError {
  const nearest = nearestName(name, names);
  const hint = nearest ? `did you mean '${nearest}'?` : `there are ${names.join(', ')}.`;
  return new GptletError('INVALID_OPTION', `There is no option ${show(name)}; ${hint}`);
}
