/** A pattern on its way through the translation. */
export interface PatternReader {
  readonly text: string;
  at: number;
  /** Names given to groups. */
  groups: number;
}

/** What an escape stands for: one character, or a set as it stands inside a class. */
export type Escaped =
  | { readonly character: string; readonly set?: undefined }
  | { readonly set: string; readonly character?: undefined };

const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}';
export const wordClass: string = `[${word}]`;

/** A character that means itself, inside a class too. */
export function literal(character: string): string {
  if (/^\w$/.test(character)) return character;
  const code = character.codePointAt(0)!;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** A character, or where case does not matter all that are the same then. */
export function letterCases(character: string, fold: boolean): string[] {
  if (!fold) return [character];
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (lower !== upper && character > '\x7f') throw new Error(`${character} where case does not matter`);
  // The long s and the sign for kelvin are small letters' other forms.
  const other = lower === 's' ? ['\u017f'] : lower === 'k' ? ['\u212a'] : [];
  return [...new Set([lower, upper, ...other])];
}

/** POSIX names, as Unicode's properties. */
const posix: Record<string, string> = {
  alpha: '\\p{Alphabetic}',
  alnum: '\\p{Alphabetic}\\p{Nd}',
  blank: '\\t\\p{Zs}',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  lower: '\\p{Lowercase}',
  punct: '\\p{P}\\p{S}',
  space: '\\p{White_Space}',
  upper: '\\p{Uppercase}',
  word,
  xdigit: '0-9A-Fa-f',
};

/** The set of a property or of a POSIX name, as it stands inside a class; scripts may stand without `Script=`. */
export function namedSet(name: string, negated: boolean, fold: boolean): string {
  if (fold && /^(L[ult]|.*case.*|lower|upper)$/i.test(name)) throw new Error(`${name} where case does not matter`);
  const known = Object.hasOwn(posix, name.toLowerCase()) ? posix[name.toLowerCase()] : undefined;
  const single = known && /^\\p\{(\w+)\}$/.exec(known)?.[1];
  if (known && !single) return negated ? `[^${known}]` : known;
  for (const full of [single ?? name, `Script=${name}`]) {
    const source = `\\${negated ? 'P' : 'p'}{${full}}`;
    try {
      new RegExp(source, 'u');
      return source;
    } catch {}
  }
  throw new Error(`the property ${name}`);
}

/** `\p{…}`, where it stands. */
export function property(reader: PatternReader, fold: boolean): Escaped | undefined {
  const found = /^\\([pP])\{(\^?)([\w ]+)\}/.exec(reader.text.slice(reader.at, reader.at + 80));
  if (!found) return undefined;
  reader.at += found[0].length;
  return { set: namedSet(found[3], (found[1] === 'P') !== (found[2] === '^'), fold) };
}

const sets: Record<string, string> = { s: 'space', d: 'digit', w: 'word', h: 'xdigit' };
const characters: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', a: '\x07', e: '\x1b' };

/** Any other escape that means the same inside a class and outside. */
export function escapedSet(reader: PatternReader, fold: boolean): Escaped {
  const rest = reader.text.slice(reader.at, reader.at + 16);
  const hex = /^\\(?:x\{([\da-fA-F]{1,8})\}|x([\da-fA-F]{2})|u([\da-fA-F]{4}))/.exec(rest);
  if (hex) {
    reader.at += hex[0].length;
    return { character: String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3], 16)) };
  }
  const letter = String.fromCodePoint(rest.codePointAt(1) ?? 0);
  reader.at += 1 + letter.length;
  const set = sets[letter.toLowerCase()];
  if (set) return { set: namedSet(set, letter !== letter.toLowerCase(), fold) };
  if (Object.hasOwn(characters, letter)) return { character: characters[letter] };
  // Numbers are back references, letters what Oniguruma alone has; all else means itself.
  if (/\w/.test(letter) || rest.length < 2) throw new Error(`\\${letter}`);
  return { character: letter };
}
