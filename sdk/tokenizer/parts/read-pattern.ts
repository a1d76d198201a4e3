import { asObject } from '../parse-json.ts';
import type { Pattern } from '../tokenizer-definition.ts';
import { type PlacedStep, refuse } from './refuse.ts';
import { literal, translatePattern } from './translate-pattern.ts';

/** The source of a `pattern`: a text to be found as it is, or a regular expression. */
export function patternSource({ path, step }: PlacedStep): string {
  const pattern = asObject(step.pattern);
  const where = `${path}.pattern`;
  if (typeof pattern?.String === 'string') return Array.from(pattern.String, literal).join('');
  if (typeof pattern?.Regex !== 'string')
    return refuse(where, step.pattern, '{ "String": text } and { "Regex": pattern }');
  return regexSource(pattern.Regex, `${where}.Regex`);
}

/** A regular expression of the file's as one of the platform's. */
export function regexSource(regex: string, path: string): string {
  try {
    const source = translatePattern(regex);
    compile(source);
    return source;
  } catch (error) {
    return refuse(path, regex, `patterns that JavaScript has too, and this one not: ${(error as Error).message}`);
  }
}

/** With the flags that this engine runs it with: `v` where it has sets within sets. */
export function compile(source: string): Pattern {
  for (const flags of ['gv', 'gu']) {
    try {
      new RegExp(source, flags);
      return { source, flags };
    } catch (error) {
      if (flags === 'gu') throw error;
    }
  }
  throw new Error(source);
}
