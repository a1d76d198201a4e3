import {
  type Escaped,
  escapedSet,
  letterCases,
  literal,
  namedSet,
  type PatternReader,
  property,
} from './pattern-reader.ts';

/** Translates the class that begins at the reader's place: ranges, escapes, POSIX names, classes within it and `&&`. */
export function characterClass(reader: PatternReader, fold: boolean): string {
  reader.at++;
  const negated = reader.text[reader.at] === '^';
  if (negated) reader.at++;
  const operands = [''];
  const add = (source: string): void => {
    operands[operands.length - 1] += source;
  };
  for (let first = true; ; first = false) {
    const { text, at } = reader;
    if (at >= text.length) throw new Error('a class without an end');
    if (text[at] === ']' && !first) break;
    if (text.startsWith('&&', at)) {
      operands.push('');
      reader.at += 2;
    } else if (text[at] === '[') add(nested(reader, fold));
    else add(item(reader, fold));
  }
  reader.at++;
  if (operands.includes('')) throw new Error('an empty class');
  const inner = operands.length > 1 ? operands.map((operand) => `[${operand}]`).join('&&') : operands[0];
  return `[${negated ? '^' : ''}${inner}]`;
}

/** `[:alpha:]`, or a class. */
function nested(reader: PatternReader, fold: boolean): string {
  const named = /^\[:(\^?)(\w+):\]/.exec(reader.text.slice(reader.at, reader.at + 20));
  if (!named) return characterClass(reader, fold);
  reader.at += named[0].length;
  return namedSet(named[2], named[1] === '^', fold);
}

/** One character or escape. */
function single(reader: PatternReader, fold: boolean): Escaped {
  const character = String.fromCodePoint(reader.text.codePointAt(reader.at)!);
  if (character === '\\') {
    if (reader.text[reader.at + 1] === 'b') {
      reader.at += 2;
      return { character: '\b' };
    }
    return property(reader, fold) ?? escapedSet(reader, fold);
  }
  reader.at += character.length;
  return { character };
}

/** A character, a range or an escape. */
function item(reader: PatternReader, fold: boolean): string {
  const from = single(reader, fold);
  const { text, at } = reader;
  const isRange = text[at] === '-' && text[at + 1] !== ']' && text[at + 1] !== '[' && !text.startsWith('&&', at + 1);
  if (from.set !== undefined) {
    if (isRange && at + 1 < text.length) throw new Error(`a range from ${from.set}`);
    return from.set;
  }
  if (!isRange) return letterCases(from.character, fold).map(literal).join('');
  reader.at++;
  const to = single(reader, fold);
  if (to.set !== undefined) throw new Error(`a range to ${to.set}`);
  const range = `${literal(from.character)}-${literal(to.character)}`;
  if (!fold) return range;
  if (to.character > '\x7f') throw new Error(`the range to ${to.character} where case does not matter`);
  let others = '';
  for (let code = from.character.charCodeAt(0); code <= to.character.charCodeAt(0); code++)
    others += letterCases(String.fromCharCode(code), true).map(literal).join('');
  return range + others;
}
