import type { Expression } from '../expressions/expression.ts';
import { jsonBytes, type ObjectShape } from './object-shape.ts';
import type { Schemas } from './schemas.ts';
import type { Term } from './term.ts';

/** An object shape as it is written: members in order, then properties of other names. */
export interface OpenObject {
  readonly id: number;
  readonly members: readonly Member[];
  /** One of each must be written, before the other extras. */
  readonly some: readonly Extra[];
  readonly extras: readonly Extra[];
  readonly min: number;
  readonly max: number;
}

export interface Member {
  readonly name: string;
  readonly term: Term;
  readonly required: boolean;
}

/** Properties whose names are not listed: contents of the names, and what all of them must fit. */
export interface Extra {
  readonly names: Expression;
  readonly term: Term;
}

/** The ways in which a shape can be written: more than one where it asks for some property that may be of several names. */
export function openObject(shape: ObjectShape, schemas: Schemas, nextId: () => number): OpenObject[] {
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
    if (term !== terms.never) members.push({ name, term, required: required.has(name) });
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
        return [{ ...way, members: way.members.with(i, changed) }];
      }),
      ...extras.flatMap((extra) => {
        const both = expressions.both(extra.names, asked.names);
        if (expressions.isNothing(both)) return [];
        return [{ ...way, some: [...way.some, { names: both, term: terms.all(extra.term, asked.term) }] }];
      }),
    ]);
  }
  return ways.map((way) => ({ ...way, id: nextId(), extras, min: shape.min, max: shape.max }));
}

/** Names that are not listed, divided by the patterns that they match. */
function extraClasses(free: Expression, { layers }: ObjectShape, { language, terms }: Schemas): Extra[] {
  const { expressions } = language;
  let classes: Extra[] = [{ names: free, term: terms.always }];
  for (const { patterns, additional } of layers) {
    let unmatched = classes;
    let matched: Extra[] = [];
    for (const pattern of patterns) {
      const divide = (list: readonly Extra[], inside: boolean): Extra[] =>
        list.map(({ names, term }) =>
          inside
            ? { names: expressions.both(names, pattern.names), term: terms.all(term, pattern.term) }
            : { names: expressions.without(names, pattern.names), term },
        );
      matched = [...divide(matched, true), ...divide(matched, false), ...divide(unmatched, true)].filter(
        ({ names }) => !expressions.isNothing(names),
      );
      unmatched = divide(unmatched, false).filter(({ names }) => !expressions.isNothing(names));
    }
    classes = [...matched, ...unmatched.map(({ names, term }) => ({ names, term: terms.all(term, additional) }))];
    classes = classes.filter(({ term }) => term !== terms.never);
  }
  return classes.filter(({ names }) => !expressions.isNothing(names));
}
