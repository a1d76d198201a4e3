import { describe, expect, it } from 'vitest';
import { compileConstraint } from './compile-constraint.ts';

/** Whether a text fits, byte by byte. */
function fits(constraint: Parameters<typeof compileConstraint>[0], text: string): boolean {
  const { machine } = compileConstraint(constraint);
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return Boolean(machine.start && machine.afterBytes(machine.start, bytes)?.canEnd);
}

const tree = {
  type: 'object',
  properties: { kids: { type: 'array', items: { $ref: '#' } } },
  additionalProperties: false,
};
const address = { properties: { street: {} }, required: ['street'] };
const big = '9007199254740993';

/** Keyword → a schema, values that fit it, values that do not; as JSON texts in the schema's order. */
const rows: [keyword: string, schema: unknown, right: string[], wrong: string[]][] = [
  ['nothing', {}, ['1', '"a"', '[]', '{"a":[{}]}', 'null', '-1.5e10'], ['', '01', '{"a"}', '[1,]']],
  ['type', { type: ['integer', 'null'] }, ['1', '-12', 'null'], ['1.5', '"1"', 'true']],
  ['type by its keywords', { minLength: 2 }, ['"ab"', '1', '[]'], ['"a"']],
  [
    'enum',
    { enum: [1, 'a', null, [1], { a: 1 }] },
    ['1', '"a"', 'null', '[1]', '{"a":1}'],
    ['2', '1.0', '[]', '{"a":2}', '{}'],
  ],
  ['const', { const: 'é"\n' }, ['"é\\"\\n"'], ['"e"', '"é\\""']],
  ['minimum', { type: 'number', minimum: -2.5 }, ['-2.5', '-2.50', '0', '7e3'.replace('e3', '000')], ['-2.6', '-3']],
  ['exclusiveMaximum', { type: 'number', exclusiveMaximum: 1 }, ['0.99', '-5'], ['1', '1.0', `0.${'9'.repeat(20)}`]],
  ['exclusive bounds of draft 4', { type: 'integer', maximum: 9, exclusiveMaximum: true }, ['8'], ['9']],
  ['a bound beyond all integers', { type: 'integer', maximum: Number(big) }, ['9007199254740990'], [big]],
  ['multipleOf', { type: 'integer', multipleOf: 7, minimum: 30 }, ['35', '700'], ['34', '28', '7']],
  ['multipleOf a fraction', { type: 'number', multipleOf: 0.01 }, ['1', '1.5', '-0.07', '2.50'], ['0.001', '1.005']],
  [
    'minLength, maxLength in characters',
    { type: 'string', minLength: 2, maxLength: 2 },
    ['"ab"', '"😀é"', '"\\n\\""'],
    ['"a"', '"abc"'],
  ],
  ['pattern', { type: 'string', pattern: '\\bcat\\b' }, ['"a cat."', '"cat"'], ['"cats"', '""']],
  ['pattern with a look-ahead', { type: 'string', pattern: '^(?!.*--)[a-z-]+$' }, ['"a-b"'], ['"a--b"']],
  ['format', { type: 'string', format: 'date' }, ['"2024-02-29"'], ['"2023-02-29"', '"2024-13-01"']],
  ['a format that nobody knows', { type: 'string', format: 'colour' }, ['"red"'], ['1']],
  [
    'prefixItems',
    { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'integer' } },
    ['[]', '["a"]', '["a",1,2]'],
    ['[1]', '["a","b"]'],
  ],
  [
    'items as a list',
    { type: 'array', items: [{ const: 1 }], additionalItems: false },
    ['[]', '[1]'],
    ['[2]', '[1,1]'],
  ],
  ['minItems, maxItems', { type: 'array', minItems: 1, maxItems: 2 }, ['[1]', '[1,{}]'], ['[]', '[1,2,3]']],
  ['contains', { type: 'array', contains: { type: 'string' } }, ['["a"]', '[1,"a",2]'], ['[]', '[1,2]']],
  [
    'minContains, maxContains',
    { type: 'array', contains: { type: 'string' }, minContains: 2, maxContains: 2 },
    ['["a",1,"b"]'],
    ['["a"]', '["a","b","c"]'],
  ],
  [
    'uniqueItems',
    { type: 'array', uniqueItems: true },
    ['[]', '[1,2,"1"]', '[{"a":1},{"a":2}]', '[[1],[2]]'],
    ['[1,1]', '[1,1.0]', '["a","a"]', '[{"a":1},{"a":1}]'],
  ],
  [
    'uniqueItems of few values',
    { type: 'array', uniqueItems: true, minItems: 2, items: { enum: ['a', 'b'] } },
    ['["b","a"]'],
    ['["a","a"]', '["a","b","a"]'],
  ],
  [
    'properties in order',
    { type: 'object', properties: { b: {}, a: {} } },
    ['{}', '{"b":1,"a":2}', '{"a":2}', '{"a":2,"c":3}'],
    ['{"a":2,"b":1}', '{"b":1,"b":1}', '{"c":3,"a":2}'],
  ],
  [
    'additionalProperties: false',
    { type: 'object', properties: { a: {} }, additionalProperties: false },
    ['{"a":1}', '{}'],
    ['{"b":1}', '{"a":1,"b":1}'],
  ],
  [
    'additionalProperties',
    { type: 'object', properties: { a: {} }, additionalProperties: { type: 'integer' } },
    ['{"a":"x","b":1}'],
    ['{"b":"x"}'],
  ],
  [
    'no name twice',
    { type: 'object', additionalProperties: { type: 'integer' } },
    ['{"ab":1,"a":2}'],
    ['{"a":1,"a":2}'],
  ],
  [
    'required',
    { type: 'object', properties: { a: {} }, required: ['a', 'z'] },
    ['{"a":1,"z":1}'],
    ['{"a":1}', '{"z":1}', '{"z":1,"a":1}'],
  ],
  [
    'patternProperties',
    {
      type: 'object',
      patternProperties: { '^x': { type: 'integer' }, y$: { minimum: 5 } },
      additionalProperties: false,
    },
    ['{"x1":1,"xy":7}', '{"ay":"text"}'],
    ['{"x":"a"}', '{"xy":1}', '{"b":1}'],
  ],
  [
    'propertyNames',
    { type: 'object', propertyNames: { pattern: '^[a-c]$' } },
    ['{"a":1,"c":1}'],
    ['{"d":1}', '{"ab":1}'],
  ],
  [
    'propertyNames from a list',
    { type: 'object', propertyNames: { enum: ['a', 'b'] }, minProperties: 2 },
    ['{"b":1,"a":1}'],
    ['{"a":1}', '{"c":1,"a":1}'],
  ],
  [
    'minProperties, maxProperties',
    { type: 'object', properties: { a: {}, b: {} }, minProperties: 2, maxProperties: 2 },
    ['{"a":1,"b":1}', '{"b":1,"c":1}', '{"c":1,"d":1}'],
    ['{"a":1}', '{"a":1,"b":1,"c":1}'],
  ],
  [
    'dependentRequired',
    { type: 'object', properties: { a: {}, b: {} }, dependentRequired: { a: ['b'] } },
    ['{}', '{"b":1}', '{"a":1,"b":1}'],
    ['{"a":1}'],
  ],
  [
    'dependentSchemas',
    { type: 'object', properties: { a: {}, b: {} }, dependentSchemas: { b: { properties: { a: { const: 1 } } } } },
    ['{"a":2}', '{"a":1,"b":1}'],
    ['{"a":2,"b":1}'],
  ],
  [
    'dependencies',
    { type: 'object', properties: { a: {}, b: {} }, dependencies: { a: ['b'], b: { maxProperties: 2 } } },
    ['{"a":1,"b":1}'],
    ['{"a":1}', '{"a":1,"b":1,"c":1}'],
  ],
  [
    'unevaluatedProperties: false',
    { type: 'object', allOf: [{ properties: { a: {} } }], properties: { b: {} }, unevaluatedProperties: false },
    ['{"a":1,"b":1}'],
    ['{"c":1}'],
  ],
  [
    'unevaluatedProperties beside anyOf',
    {
      type: 'object',
      anyOf: [
        { properties: { a: {} }, required: ['a'] },
        { properties: { b: {} }, required: ['b'] },
      ],
      unevaluatedProperties: false,
    },
    ['{"a":1}', '{"a":1,"b":1}'],
    ['{"a":1,"c":1}', '{}'],
  ],
  [
    'unevaluatedItems: false',
    { type: 'array', allOf: [{ prefixItems: [{ const: 1 }] }], unevaluatedItems: false },
    ['[]', '[1]'],
    ['[1,2]'],
  ],
  ['not', { not: { type: ['string', 'object'] } }, ['1', '[]'], ['"a"', '{}']],
  ['not beside a type', { type: 'string', not: { enum: ['a', 'b'] } }, ['""', '"ab"', '"c"'], ['"a"']],
  [
    'not of an object',
    { type: 'object', not: { properties: { a: { const: 1 } }, required: ['a'] } },
    ['{}', '{"a":2}', '{"b":1}'],
    ['{"a":1}'],
  ],
  [
    'not of not, which has spoken of nothing',
    {
      type: 'object',
      not: { not: { properties: { a: {} } } },
      unevaluatedProperties: false,
      properties: { b: {} },
    },
    ['{"b":1}'],
    ['{"a":1}'],
  ],
  ['not of numbers', { type: 'number', not: { const: 1 } }, ['1.5', '10', '0'], ['1', '1.0']],
  [
    'if, then, else',
    {
      type: 'object',
      properties: { kind: {}, r: {}, s: {} },
      if: { properties: { kind: { const: 'circle' } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      then: { required: ['r'] },
      else: { required: ['s'] },
    },
    ['{"kind":"circle","r":1}', '{"kind":"box","s":1}', '{"s":1}'],
    ['{"kind":"circle"}', '{"kind":"box","r":1}'],
  ],
  ['oneOf whose parts overlap', { oneOf: [{ type: 'number' }, { type: 'integer' }] }, ['1.5'], ['1', '"a"']],
  [
    'oneOf of objects that overlap',
    { type: 'object', properties: { a: {}, b: {} }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    ['{"a":1}', '{"b":1}'],
    ['{}', '{"a":1,"b":1}'],
  ],
  [
    'oneOf of patterns that overlap',
    { type: 'string', oneOf: [{ pattern: 'a' }, { pattern: 'b' }] },
    ['"a"', '"cb"'],
    ['"ab"', '"c"'],
  ],
  [
    'anyOf beside others',
    { type: 'integer', anyOf: [{ minimum: 5 }, { maximum: -5 }], multipleOf: 2 },
    ['6', '-6'],
    ['5', '4'],
  ],
  [
    'allOf, in order of appearance',
    {
      allOf: [
        { properties: { b: { type: 'integer' } } },
        { properties: { a: {}, b: { minimum: 2 } }, required: ['b'] },
      ],
      type: 'object',
    },
    ['{"b":2,"a":1}'],
    ['{"b":1}', '{"a":1,"b":2}'],
  ],
  [
    'recursion without a limit',
    tree,
    [`${'{"kids":['.repeat(60)}{}${']}'.repeat(60)}`],
    ['{"kids":[1]}', `${'{"kids":['.repeat(9)}{"x":1}${']}'.repeat(9)}`],
  ],
  ['$ref beside others', { $ref: '#/$defs/n', maximum: 3, $defs: { n: { type: 'integer' } } }, ['3'], ['4', '2.5']],
  [
    '$ref alone before 2019',
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/n',
      maximum: 3,
      definitions: { n: { type: 'integer' } },
    },
    ['4'],
    ['2.5'],
  ],
  [
    '$ref into anything',
    { type: 'array', items: { $ref: '#/examples/0/a%20b' }, examples: [{ 'a b': { type: 'null' } }] },
    ['[null]'],
    ['[1]'],
  ],
  [
    '$id and $anchor',
    { $id: 'https://example.org/a', $ref: 'b#c', $defs: { x: { $id: 'b', $defs: { y: { $anchor: 'c', const: 5 } } } } },
    ['5'],
    ['6'],
  ],
  [
    'unknown keywords',
    { type: 'string', 'x-order': 3, example: 'a', readonly: true, propertyOrder: 4 },
    ['"b"'],
    ['1'],
  ],
  [
    'blanks',
    { type: 'object', properties: { a: { type: 'array' } } },
    ['{ "a": [ 1, 2 ] }', '{\n"a":[1,\n2]\n}'],
    ['{  "a":[]}', '{"a" :[]}', ' {}', '{} '],
  ],
];

describe('JSON schemas, keyword by keyword', () => {
  it.each(rows)('%s', (_, jsonSchema, right, wrong) => {
    const judged = (text: string): string => `${text}: ${fits({ jsonSchema: jsonSchema as object }, text)}`;
    expect(right.map(judged)).toEqual(right.map((text) => `${text}: true`));
    expect(wrong.map(judged)).toEqual(wrong.map((text) => `${text}: false`));
  });

  it('refers to schemas that are given beside it', () => {
    const references = { 'https://example.org/address': address, 'https://example.org/other': { $ref: 'address' } };
    const constraint = { jsonSchema: { type: 'object', $ref: 'https://example.org/other' }, references };
    expect([fits(constraint, '{"street":1}'), fits(constraint, '{}')]).toEqual([true, false]);
  });

  it('goes on without what cannot be enforced, where that is asked for, under not too', () => {
    const jsonSchema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '(a)\\1' }, b: { not: { pattern: '(?<=a)b' }, type: 'string' } },
    };
    expect(() => compileConstraint({ jsonSchema })).toThrow(/properties\/a has a pattern: .*cannot be enforced/);
    expect(fits({ jsonSchema, unsupported: 'ignore' }, '{"a":"x","b":"ab"}')).toBe(true);
    expect(fits({ jsonSchema, unsupported: 'ignore' }, '{"a":1}')).toBe(false);
    expect(() => compileConstraint({ jsonSchema, unsupported: 'skip' as 'ignore' })).toThrow(
      "constraint.unsupported is 'skip'; it must be 'error' or 'ignore'.",
    );
  });

  it('says what is strange, with its places, and only that', () => {
    const { warnings } = compileConstraint({
      jsonSchema: {
        type: 'object',
        properties: {
          a: { typ: 'string' },
          b: { properties: {} },
          c: { type: 'string', minlength: 1 },
          d: { 'x-y': 1, title: '' },
        },
      },
    });
    expect(warnings).toEqual([
      'jsonSchema at /properties/a has the keyword "typ", which says nothing; did you mean "type"?',
      'jsonSchema at /properties/b says what objects must be, but no type: values of all other types fit too',
      'jsonSchema at /properties/c has the keyword "minlength", which says nothing; did you mean "minLength"?',
    ]);
  });
});
