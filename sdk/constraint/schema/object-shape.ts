import type { Expression } from '../expressions/expression.ts';
import { utf8Bytes } from '../utf8-bytes.ts';
import type { Language } from './language.ts';
import type { Term, Terms } from './term.ts';

/** Objects that fit some conditions at once. */
export interface ObjectShape {
  /** Names in the order in which they are to be written: those of `properties`, then required ones. */
  readonly names: readonly string[];
  readonly required: readonly string[];
  /** A property must fit what every layer says of its name. */
  readonly layers: readonly Layer[];
  /** The names themselves, as texts, must fit these. */
  readonly nameTerms: readonly Term[];
  readonly min: number;
  readonly max: number;
  /** For each of these, some property with such a name fits the term. */
  readonly some: readonly SomeProperty[];
  readonly evaluated: EvaluatedProperties;
}

/** `properties`, `patternProperties`, `additionalProperties` of one schema. */
export interface Layer {
  readonly properties: ReadonlyMap<string, Term>;
  readonly patterns: readonly PatternProperties[];
  readonly additional: Term;
}

export interface PatternProperties {
  /** Contents of the names. */
  readonly names: Expression;
  readonly term: Term;
}

export type SomeProperty = PatternProperties;

/** Properties that a schema has spoken of. */
export interface EvaluatedProperties {
  readonly names: readonly string[];
  readonly patterns: readonly Expression[];
}

export const noProperties: EvaluatedProperties = { names: [], patterns: [] };

export const anyObject: ObjectShape = {
  names: [],
  required: [],
  layers: [],
  nameTerms: [],
  min: 0,
  max: Infinity,
  some: [],
  evaluated: noProperties,
};

/** What a layer says of a property. */
export function layerTerm(layer: Layer, name: string, terms: Terms, { expressions }: Language): Term {
  const own = layer.properties.get(name);
  const bytes = layer.patterns.length > 0 ? jsonBytes(name) : '';
  const matching = layer.patterns
    .filter((pattern) => expressions.has(pattern.names, bytes))
    .map((pattern) => pattern.term);
  if (own === undefined && matching.length === 0) return layer.additional;
  return terms.all(...(own ? [own] : []), ...matching);
}

/** The bytes of a string's content as JSON writes them. */
export const jsonBytes = (text: string): string => utf8Bytes(JSON.stringify(text).slice(1, -1));

/** What an object says of a property. */
export const propertyTerm = (shape: ObjectShape, name: string, terms: Terms, language: Language): Term =>
  terms.all(...shape.layers.map((layer) => layerTerm(layer, name, terms, language)));

export function intersectObjects(a: ObjectShape, b: ObjectShape): ObjectShape {
  return {
    names: [...new Set([...a.names, ...b.names])],
    required: [...new Set([...a.required, ...b.required])],
    layers: [...new Set([...a.layers, ...b.layers])],
    nameTerms: [...new Set([...a.nameTerms, ...b.nameTerms])],
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    some: [...a.some, ...b.some],
    evaluated: {
      names: [...a.evaluated.names, ...b.evaluated.names],
      patterns: [...a.evaluated.patterns, ...b.evaluated.patterns],
    },
  };
}

/** The objects that do not fit: for each condition those that break it. */
export function complementObject(
  shape: ObjectShape,
  terms: Terms,
  language: Language,
  stringsOf: (term: Term) => Expression,
): ObjectShape[] {
  const { content, expressions } = language;
  const { always } = terms;
  const says = (name: string, term: Term): Layer => ({
    properties: new Map([[name, term]]),
    patterns: [],
    additional: always,
  });
  const broken: ObjectShape[] = shape.required.map((name) => ({ ...anyObject, layers: [says(name, terms.never)] }));
  if (shape.min > 0) broken.push({ ...anyObject, max: shape.min - 1 });
  if (shape.max < Infinity) broken.push({ ...anyObject, min: shape.max + 1 });
  for (const layer of shape.layers) {
    for (const name of layer.properties.keys()) {
      const term = layerTerm(layer, name, terms, language);
      if (term !== always)
        broken.push({ ...anyObject, names: [name], required: [name], layers: [says(name, terms.not(term))] });
    }
    const declared = content.literals(layer.properties.keys());
    const { patterns } = layer;
    for (const { names, term } of patterns) {
      if (term !== always)
        broken.push({ ...anyObject, some: [{ names: expressions.without(names, declared), term: terms.not(term) }] });
    }
    if (layer.additional !== always) {
      const others = expressions.without(
        content.any,
        expressions.choice([declared, ...patterns.map((pattern) => pattern.names)]),
      );
      broken.push({ ...anyObject, some: [{ names: others, term: terms.not(layer.additional) }] });
    }
  }
  for (const term of shape.nameTerms) {
    broken.push({ ...anyObject, some: [{ names: expressions.without(content.any, stringsOf(term)), term: always }] });
  }
  for (const { names, term } of shape.some) {
    const layer: Layer = { properties: new Map(), patterns: [{ names, term: terms.not(term) }], additional: always };
    broken.push({ ...anyObject, layers: [layer] });
  }
  return broken;
}
