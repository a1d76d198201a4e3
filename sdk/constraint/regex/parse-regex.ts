import { GptletError } from '../../errors/gptlet-error.ts';
import type { CodePointRange } from '../code-point-range.ts';
import { classEscape, complementRanges, dotRanges, propertyRanges } from './character-sets.ts';
import type { Regex } from './regex.ts';

const CONTROL_ESCAPES: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const COUNT = /^\{(\d+)(?:(,)(\d*))?\}/;

/**
 * Reads a regular expression in JavaScript's syntax: literals, `.`, classes, \d \w \s \p{…} and the other escapes, groups, `|`,
 * `? * + {m,n}` (lazy ones mean the same here), `^`, `$`, `\b`, `\B`, `(?=…)`, `(?!…)`. A character is a code point, as with the
 * flag `u`, but escapes and braces that need no backslash are taken as without it, since schemas are written so.
 *
 * @throws GptletError INVALID_OPTION for look-behind, back references, flags and what is no regular expression
 */
export function parseRegex(source: string): Regex {
  return new RegexParser(source).parse();
}

class RegexParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Regex {
    const regex = this.#choice();
    if (this.#at < this.#source.length) throw this.#error('has a ) without its (');
    return regex;
  }

  #choice(): Regex {
    const options = [this.#sequence()];
    while (this.#skip('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0] : { kind: 'choice', options };
  }

  #sequence(): Regex {
    const parts: Regex[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at])) {
      parts.push(this.#quantified(this.#atom()));
    }
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  #quantified(body: Regex): Regex {
    const count = COUNT.exec(this.#source.slice(this.#at));
    let bounds: [number, number] | undefined;
    if (this.#skip('?')) bounds = [0, 1];
    else if (this.#skip('*')) bounds = [0, Infinity];
    else if (this.#skip('+')) bounds = [1, Infinity];
    else if (count) {
      this.#at += count[0].length;
      const min = Number(count[1]);
      bounds = [min, count[2] ? (count[3] ? Number(count[3]) : Infinity) : min];
    }
    if (!bounds) return body;
    if (bounds[1] < bounds[0])
      throw this.#error(`repeats {${bounds[0]},${bounds[1]}}, whose bounds are the wrong way round`);
    this.#skip('?');
    if (/^[?*+]/.test(this.#source.slice(this.#at)) || COUNT.test(this.#source.slice(this.#at))) {
      throw this.#error('has two quantifiers in a row');
    }
    return { kind: 'repeat', body, min: bounds[0], max: bounds[1] };
  }

  #atom(): Regex {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'characters', ranges: this.#class() };
      case '.':
        return { kind: 'characters', ranges: dotRanges() };
      case '\\':
        return this.#escaped();
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '?':
      case '*':
      case '+':
        throw this.#error(`has ${character} with nothing before it; write \\${character} for the character`);
    }
    return { kind: 'characters', ranges: [only(character)] };
  }

  #escaped(): Regex {
    const letter = this.#source[this.#at];
    if (letter === 'b' || letter === 'B') {
      this.#at++;
      return { kind: 'boundary', negated: letter === 'B' };
    }
    return { kind: 'characters', ranges: this.#escape(false) };
  }

  #group(): Regex {
    let ahead: string | undefined;
    if (this.#skip('?')) {
      const kind = /^(?::|=|!|P?<[A-Za-z_$][\w$]*>)/.exec(this.#source.slice(this.#at));
      if (!kind)
        throw this.#error('has a group with look-behind or flags; allowed are (…), (?:…), (?<name>…), (?=…), (?!…)');
      this.#at += kind[0].length;
      ahead = kind[0];
    }
    const body = this.#choice();
    if (!this.#skip(')')) throw this.#error('has a ( that is not closed');
    return ahead === '=' || ahead === '!' ? { kind: 'ahead', body, negated: ahead === '!' } : body;
  }

  #class(): CodePointRange[] {
    const negated = this.#skip('^');
    const ranges: CodePointRange[] = [];
    while (!this.#skip(']')) {
      const first = this.#classAtom();
      if (this.#source[this.#at] !== '-' || this.#source[this.#at + 1] === ']') {
        ranges.push(...first);
        continue;
      }
      this.#at++;
      const last = this.#classAtom();
      const [from, to] = [single(first), single(last)];
      if (from === undefined || to === undefined || from > to)
        throw this.#error('has a class range that does not go from a lower to a higher character');
      ranges.push([from, to]);
    }
    return negated ? complementRanges(ranges) : ranges;
  }

  #classAtom(): CodePointRange[] {
    const character = this.#next('has a [ that is not closed');
    return character === '\\' ? this.#escape(true) : [only(character)];
  }

  #escape(inClass: boolean): CodePointRange[] {
    const letter = this.#next('ends with a backslash');
    const set = classEscape(letter);
    if (set) return set;
    if (letter === 'p' || letter === 'P') return this.#property(letter === 'P');
    const rest = this.#source.slice(this.#at);
    const hex =
      letter === 'x'
        ? /^([\da-f]{2})/i.exec(rest)
        : letter === 'u'
          ? /^(?:\{([\da-f]{1,6})\}|([\da-f]{4}))/i.exec(rest)
          : null;
    let code: number | undefined;
    if (hex) {
      this.#at += hex[0].length;
      code = Number.parseInt(hex[1] ?? hex[2], 16);
    } else if (letter === 'c' && /^[A-Za-z]/.test(rest)) {
      code = this.#next().charCodeAt(0) & 31;
    } else if (inClass && letter === 'b') code = 8;
    else if (letter in CONTROL_ESCAPES && !(letter === '0' && /^\d/.test(rest))) code = CONTROL_ESCAPES[letter];
    else if (!/[A-Za-z0-9]/.test(letter) || letter === '_') code = letter.codePointAt(0);
    if (code === undefined || code > 0x10ffff) throw this.#error(`has \\${letter}, which is not supported`);
    return [[code, code]];
  }

  #property(negated: boolean): CodePointRange[] {
    const name = /^\{([^}]*)\}/.exec(this.#source.slice(this.#at));
    const ranges = name && propertyRanges(name[1]);
    if (!name || !ranges) throw this.#error('has a \\p with a property that this engine does not know');
    this.#at += name[0].length;
    return negated ? complementRanges(ranges) : ranges;
  }

  #skip(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #next(complaint = 'ends too early'): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw this.#error(complaint);
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #error(complaint: string): GptletError {
    return new GptletError('INVALID_OPTION', `The regular expression /${this.#source}/ ${complaint} (at ${this.#at}).`);
  }
}

function single(ranges: readonly CodePointRange[]): number | undefined {
  return ranges.length === 1 && ranges[0][0] === ranges[0][1] ? ranges[0][0] : undefined;
}

function only(character: string): CodePointRange {
  const code = character.codePointAt(0) as number;
  return [code, code];
}
