import { escapedSet, letterCases, literal, type PatternReader, property, wordClass } from './pattern-reader.ts';
import { characterClass } from './translate-class.ts';

export { literal } from './pattern-reader.ts';

/**
 * A regular expression as the hub's files have them, in Oniguruma's syntax (Ruby's: `^` and `$` are of lines, `x{2}+`
 * repeats `x{2}`), as the source of one of the platform's, for the flags `v` or, where it needs no sets within sets,
 * `u`. Possessive and atomic parts become look-aheads that are taken as they were found.
 * @throws Error with words for what has no translation
 */
export function translatePattern(regex: string): string {
  const reader: PatternReader = { text: regex, at: 0, groups: 0 };
  const source = alternatives(reader, false);
  if (reader.at < regex.length) throw new Error('a parenthesis too many');
  return source;
}

/** What a sticky regular expression finds at the reader's place, which moves behind it. */
function take(reader: PatternReader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text) ?? undefined;
  if (match) reader.at = pattern.lastIndex;
  return match;
}

function alternatives(reader: PatternReader, fold: boolean): string {
  let source = '';
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === ')') return source;
    if (next === '|') {
      source += next;
      reader.at++;
    } else source += quantified(reader, atom(reader, fold));
  }
}

/** Takes what is atomic as the look-ahead found it, and so gives nothing back. */
function atomic(reader: PatternReader, source: string): string {
  const name = `p${++reader.groups}`;
  return `(?:(?=(?<${name}>${source}))\\k<${name}>)`;
}

/** The atom with the quantifiers that follow it. */
function quantified(reader: PatternReader, atomSource: string): string {
  let source = atomSource;
  for (let again = false; ; again = true) {
    const found = take(reader, /([*+?])([+?]?)|\{(\d+)\}|\{(\d*),(\d*)\}(\??)/y);
    if (!found) return source;
    const [text, sign, mode, count, from, to, lazy] = found;
    if (text.startsWith('{,}')) {
      reader.at -= text.length;
      return source;
    }
    const repeated = again ? `(?:${source})` : source;
    if (sign) source = `${repeated}${sign}${mode === '?' ? '?' : ''}`;
    else source = `${repeated}{${count ?? `${from || 0},${to}`}}${lazy ?? ''}`;
    if (mode === '+') source = atomic(reader, source);
  }
}

const simple: Record<string, string> = { '.': '[^\\n]', '^': '(?<![^\\n])', $: '(?![^\\n])' };

function atom(reader: PatternReader, fold: boolean): string {
  const character = String.fromCodePoint(reader.text.codePointAt(reader.at)!);
  if (character === '(') return group(reader, fold);
  if (character === '[') return characterClass(reader, fold);
  if (character === '\\') return escapeSequence(reader, fold);
  if ('*+?'.includes(character)) throw new Error(`nothing before ${character} to repeat`);
  reader.at += character.length;
  if (Object.hasOwn(simple, character)) return simple[character];
  const cases = letterCases(character, fold);
  return cases.length > 1 ? `[${cases.map(literal).join('')}]` : literal(character);
}

function group(reader: PatternReader, fold: boolean): string {
  const [, look, flags, minus, end] = take(reader, /\((?:\?(?:([=!>]|<[=!]|<\w+>)|(i?)(?:(-)i?)?([:)])))?/y) ?? [];
  if (reader.text[reader.at] === '?') throw new Error(`the group ${reader.text.slice(reader.at - 1, reader.at + 4)}`);
  // The rest of the group it stands in, alternatives and all, belongs to it.
  if (end === ')') return `(?:${alternatives(reader, flags === 'i' || (fold && !minus))})`;
  const inner = alternatives(reader, end ? flags === 'i' || (fold && !minus) : fold);
  if (reader.text[reader.at++] !== ')') throw new Error('a group without an end');
  if (look === '>') return atomic(reader, inner);
  return `(?${look && !look.endsWith('>') ? look : ':'}${inner})`;
}

const boundary = `(?:(?<=${wordClass})(?!${wordClass})|(?<!${wordClass})(?=${wordClass}))`;
const inside = `(?:(?<=${wordClass})(?=${wordClass})|(?<!${wordClass})(?!${wordClass}))`;
const anchors: Record<string, string> = {
  b: boundary,
  B: inside,
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
};

/** An escape outside a class. */
function escapeSequence(reader: PatternReader, fold: boolean): string {
  const letter = reader.text[reader.at + 1];
  if (Object.hasOwn(anchors, letter)) {
    reader.at += 2;
    return anchors[letter];
  }
  const escaped = property(reader, fold) ?? escapedSet(reader, fold);
  if (escaped.set !== undefined) return escaped.set.startsWith('[') ? escaped.set : `[${escaped.set}]`;
  const cases = letterCases(escaped.character, fold);
  return cases.length > 1 ? `[${cases.map(literal).join('')}]` : literal(escaped.character);
}
