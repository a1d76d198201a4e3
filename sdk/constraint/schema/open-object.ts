import type { Expression } from '../expressions/expression.ts';
import { jsonBytes, type ObjectShape } from './object-shape.ts';
import type { Schemas } from './schemas.ts';
import type { Term } from './term.ts';

/** An object shape as it is written: members in order, then properties of other names. */
export interface OpenObject {
  readonly members: readonly Member[];
  /** One of each must be written, before the other extras. */
  readonly some: readonly Extra[];
  readonly extras: readonly Extra[];
  readonly min: number;
  readonly max: number;
}

export interface Member {
  readonly name: string;
  /** Its content as JSON writes it, in bytes. */
  readonly nameBytes: number;
  readonly term: Term;
  readonly required: boolean;
}

/** Properties whose names are not listed: contents of the names, and what all of them must fit. */
export interface Extra {
  readonly names: Expression;
  readonly term: Term;
}

/** The ways in which a shape can be written: more than one where it asks for some property that may be of several names. */
export function openObject(shape: ObjectShape, schemas: Schemas): OpenObject[] {
  const { language, terms } = schemas;
  const { expressions } = language;
  const names = shape.nameTerms.reduce(
    (left, term) => expressions.both(left, schemas.of(term).strings),
    language.content.any,
  );
  const listed = [
    ...new Set([
      ...shape.names,
      ...shape.required,
      ...shape.layers.flatMap(({ properties }) => [...properties.keys()]),
    ]),
  ];
  const fits = (set: Expression, name: string): boolean => expressions.has(set, jsonBytes(name));
  const required = new Set(shape.required);
  const members: Member[] = [];
  for (const name of listed) {
    const term = fits(names, name) ? schemas.property(shape, name) : terms.never;
    if (term !== terms.never)
      members.push({ name, nameBytes: jsonBytes(name).length, term, required: required.has(name) });
    else if (required.has(name)) return [];
  }
  const free = expressions.without(names, language.content.literals(listed));
  let ways = [{ members, some: [] as Extra[] }];
  const extras = extraClasses(free, shape, schemas);
  for (const asked of shape.some) {
    ways = ways.flatMap((way) => [
      ...way.members.flatMap((member, i) => {
        if (!fits(asked.names, member.name)) return [];
        const changed = { ...member, required: true, term: terms.all(member.term, asked.term) };
        return [{ ...way, members: replaced(way.members, i, changed) }];
      }),
      ...way.some.flatMap((other, i) => {
        const both = { names: expressions.both(other.names, asked.names), term: terms.all(other.term, asked.term) };
        return expressions.isNothing(both.names) ? [] : [{ ...way, some: replaced(way.some, i, both) }];
      }),
      ...extras.flatMap((extra) => {
        const both = expressions.both(extra.names, asked.names);
        if (expressions.isNothing(both)) return [];
        return [{ ...way, some: [...way.some, { names: both, term: terms.all(extra.term, asked.term) }] }];
      }),
    ]);
  }
  return ways.map((way) => ({ ...way, extras, min: shape.min, max: shape.max }));
}

const replaced = <T>(list: readonly T[], at: number, by: T): T[] => list.map((each, i) => (i === at ? by : each));

/** Names that are not listed, divided by the patterns that they match. */
function extraClasses(free: Expression, { layers }: ObjectShape, { language, terms }: Schemas): Extra[] {
  const { expressions } = language;
  const isSome = ({ names, term }: Extra): boolean => term !== terms.never && !expressions.isNothing(names);
  let classes: Extra[] = [{ names: free, term: terms.always }];
  for (const { patterns, additional } of layers) {
    const matched = expressions.choice(patterns.map((pattern) => pattern.names));
    classes = classes.flatMap((whole) => {
      const unmatched = { names: expressions.without(whole.names, matched), term: terms.all(whole.term, additional) };
      return [...matching(whole, patterns), unmatched].filter(isSome);
    });
  }
  return classes.filter(isSome);

  function matching(whole: Extra, patterns: readonly Extra[]): Extra[] {
    let parts: Extra[] = [];
    for (const pattern of patterns) {
      let fresh = expressions.both(whole.names, pattern.names);
      if (expressions.isNothing(fresh)) continue;
      parts = parts.flatMap((part) => {
        const common = expressions.both(part.names, pattern.names);
        // Mostly patterns have nothing in common; then nothing needs to be taken away either.
        if (expressions.isNothing(common)) return [part];
        fresh = expressions.without(fresh, part.names);
        const rest = { names: expressions.without(part.names, pattern.names), term: part.term };
        return [{ names: common, term: terms.all(part.term, pattern.term) }, rest].filter(
          ({ names }) => !expressions.isNothing(names),
        );
      });
      if (!expressions.isNothing(fresh)) parts.push({ names: fresh, term: terms.all(whole.term, pattern.term) });
    }
    return parts;
  }
}
