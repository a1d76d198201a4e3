import { GptletError } from '../../errors/gptlet-error.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Text } from '../text.ts';
import { complementRanges } from './character-sets.ts';
import { parseRegex } from './parse-regex.ts';
import { looksAround, looksBack, type Regex } from './regex.ts';

/** What stands before a place: nothing, a word character, another character. */
type Before = 'start' | 'word' | 'other';

/** What may follow a place. */
interface Rest {
  readonly of: (before: Before) => Expression;
  /** Whether that depends on what stands before. */
  readonly looksBack: boolean;
}

/** Assertions inside a repetition are written out so often at the most. */
const MAX_UNROLLED = 32;
const WORD = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
] as const;

/** The texts that match as a whole. */
export const wholeMatch = (source: string, text: Text): Expression =>
  new RegexCompiler(source, text).compile(parseRegex(source), 'start', constant(text.expressions.empty));

/** The texts with a match somewhere in them, as JSON schema's `pattern` means it. */
export const matchWithin = (source: string, text: Text): Expression =>
  new RegexCompiler(source, text).within(parseRegex(source));

/** Remembers, since each place is come to from many sides. */
function once(of: Rest['of']): Rest['of'] {
  const known = new Map<Before, Expression>();
  return (before) => {
    let expression = known.get(before);
    if (!expression) {
      expression = of(before);
      known.set(before, expression);
    }
    return expression;
  };
}

const constant = (expression: Expression): Rest => ({ of: () => expression, looksBack: false });

/**
 * Expressions know no assertions; intersections say the same: what follows `(?=x)` is in x and anything, and a `\b` divides
 * what stands before it by its last character. So each part is compiled with all that follows it.
 */
class RegexCompiler {
  readonly #source: string;
  readonly #text: Text;
  /** Texts that end with a word character, and with another one. */
  readonly #ending: Record<'word' | 'other', Expression>;

  constructor(source: string, text: Text) {
    this.#source = source;
    this.#text = text;
    const { any, expressions } = text;
    this.#ending = {
      word: expressions.sequence(any, text.characters(WORD)),
      other: expressions.sequence(any, text.characters(complementRanges(WORD))),
    };
  }

  within(regex: Regex): Expression {
    const { any, expressions } = this.#text;
    if (!looksAround(regex)) return expressions.sequence(any, this.#plain(regex), any);
    const match = (before: Before): Expression => this.compile(regex, before, constant(any));
    return this.#after(any, 'start', { of: match, looksBack: looksBack(regex) });
  }

  compile(regex: Regex, before: Before, rest: Rest): Expression {
    if (!looksAround(regex)) return this.#after(this.#plain(regex), before, rest);
    const { expressions, any } = this.#text;
    switch (regex.kind) {
      case 'sequence': {
        // From the last part to the first: each is compiled with all that follows it.
        const whole = regex.parts.reduceRight<Rest>(
          (following, part) => ({
            of: once((then) => this.compile(part, then, following)),
            looksBack: following.looksBack || looksBack(part),
          }),
          rest,
        );
        return whole.of(before);
      }
      case 'choice':
        return expressions.choice(regex.options.map((option) => this.compile(option, before, rest)));
      case 'repeat':
        return this.#repeat(regex, before, rest);
      case 'start':
        return before === 'start' ? rest.of(before) : expressions.nothing;
      case 'end':
        return expressions.both(rest.of(before), expressions.empty);
      case 'boundary': {
        const word = expressions.sequence(this.#text.characters(WORD), any);
        const wordFollows = (before === 'word') === regex.negated;
        return expressions.both(rest.of(before), wordFollows ? word : expressions.not(word));
      }
      case 'ahead': {
        const ahead = this.compile(regex.body, before, constant(any));
        return expressions.both(rest.of(before), regex.negated ? expressions.not(ahead) : ahead);
      }
      default:
        return expressions.nothing;
    }
  }

  #repeat({ body, min, max }: Extract<Regex, { kind: 'repeat' }>, before: Before, rest: Rest): Expression {
    const { expressions } = this.#text;
    if (max === 0) return rest.of(before);
    if (max === Infinity && rest.of('other') === expressions.empty) {
      const tempered = this.#tempered(body);
      if (tempered) return expressions.both(expressions.repeat(tempered.character, min, max), tempered.everywhere);
    }
    if ((max === Infinity ? min : max) > MAX_UNROLLED || max === Infinity) {
      throw new GptletError(
        'INVALID_OPTION',
        `The regular expression /${this.#source}/ repeats ^, $, \\b or a look-ahead without end; allowed are those outside of * and +, and at most {0,${MAX_UNROLLED}}.`,
      );
    }
    const again: Rest = {
      of: once((then) => this.#repeat({ kind: 'repeat', body, min: Math.max(0, min - 1), max: max - 1 }, then, rest)),
      looksBack: rest.looksBack || looksBack(body),
    };
    const round = this.compile(body, before, again);
    return min === 0 ? expressions.choice([rest.of(before), round]) : round;
  }

  /** `(?:(?!x).)*` up to the end: a character, and what must hold wherever one stands. */
  #tempered(body: Regex): { character: Expression; everywhere: Expression } | undefined {
    const parts = body.kind === 'sequence' ? body.parts : [body];
    const last = parts.at(-1);
    const others = parts.slice(0, -1);
    if (last?.kind !== 'characters' || !others.every((part) => part.kind === 'ahead' && !looksBack(part)))
      return undefined;
    const { expressions, any, anyCharacter } = this.#text;
    const inside = expressions.sequence(anyCharacter, any);
    const broken = others.map((part) => expressions.without(inside, this.compile(part, 'other', constant(any))));
    return {
      character: this.#plain(last),
      everywhere: expressions.not(expressions.sequence(any, expressions.choice(broken))),
    };
  }

  /** What is left of a part that looks at nothing, with what follows it. */
  #after(part: Expression, before: Before, rest: Rest): Expression {
    const { expressions } = this.#text;
    if (!rest.looksBack) return expressions.sequence(part, rest.of('other'));
    const ways = (['word', 'other'] as const).map((kind) =>
      expressions.sequence(expressions.both(part, this.#ending[kind]), rest.of(kind)),
    );
    return expressions.choice(part.nullable ? [rest.of(before), ...ways] : ways);
  }

  #plain(regex: Regex): Expression {
    const { expressions } = this.#text;
    switch (regex.kind) {
      case 'characters':
        return this.#text.characters(regex.ranges);
      case 'sequence':
        return expressions.sequence(...regex.parts.map((part) => this.#plain(part)));
      case 'choice':
        return expressions.choice(regex.options.map((option) => this.#plain(option)));
      case 'repeat':
        return expressions.repeat(this.#plain(regex.body), regex.min, regex.max);
      default:
        return expressions.nothing;
    }
  }
}
