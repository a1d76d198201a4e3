import { GptletError } from '../errors/gptlet-error.ts';
import { parseRegex } from './parse-regex.ts';
import { anyCharacter, literal, type Pattern, repeat, sequence } from './pattern.ts';

/** What a schema says of a string; lengths in characters (code points). */
export interface StringBounds {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Formats as the patterns that their values must match; narrower than the standards in places, never wider. */
const FORMATS: Record<string, string> = {
  date: '[0-9]{3}[1-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])',
  time: '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+\\-](?:0[0-9]|1[0-3]):[0-5][0-9])',
  email: '[a-z0-9]+(?:[._\\-][a-z0-9]+){0,4}@(?:[a-z0-9]+\\.){1,3}[a-z]{2,10}',
  ipv4: '(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])',
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
};

/** The characters of a string value, before JSON writes them. */
export function stringContent({ minLength = 0, maxLength = Infinity, pattern, format }: StringBounds): Pattern {
  const languages: Pattern[] = [];
  if (minLength > 0 || maxLength < Infinity || (pattern === undefined && format === undefined)) {
    languages.push(repeat(anyCharacter(), minLength, maxLength));
  }
  if (pattern !== undefined) languages.push(parseRegex(pattern, false));
  if (format !== undefined) languages.push(parseRegex(formatSource(format), true));
  return languages.reduce((left, right) => ({ kind: 'both', left, right }));
}

/** A string with its quotes. */
export function stringPattern(bounds: StringBounds): Pattern {
  return sequence(literal('"'), { kind: 'escaped', body: stringContent(bounds) }, literal('"'));
}

function formatSource(format: string): string {
  const source =
    format === 'date-time'
      ? `${FORMATS.date}T${FORMATS.time}`
      : Object.hasOwn(FORMATS, format)
        ? FORMATS[format]
        : undefined;
  if (source === undefined) {
    throw new GptletError(
      'INVALID_OPTION',
      `The string format "${format}" is not supported; allowed are ${Object.keys(FORMATS).join(', ')} and date-time. A pattern can say the same.`,
    );
  }
  return source;
}
