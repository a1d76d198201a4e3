import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../sampler/create-sampler.ts';
import { byteTokenizer, EOS } from './testing/byte-tokenizer.ts';
import { createConstraint } from './testing/create-constraint.ts';
import { randomWalk } from './testing/random-walk.ts';

const tokenizer = byteTokenizer();
const WALKS = process.env.GPTLET_EVERY_TEST ? 40 : 15;

const node = {
  type: 'object',
  properties: { value: { type: 'integer' }, next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] } },
  required: ['value', 'next'],
  additionalProperties: false,
};
const schemas: Record<string, object | boolean> = {
  anything: true,
  'an empty schema': {},
  'plain types': { type: ['string', 'boolean', 'null', 'integer'] },
  'bounded numbers': {
    type: 'array',
    items: {
      anyOf: [
        { type: 'integer', minimum: -12, exclusiveMaximum: 105 },
        { type: 'number', exclusiveMinimum: 0.25, maximum: 1.75 },
      ],
    },
    minItems: 2,
    maxItems: 6,
  },
  'string lengths': { type: 'array', items: { type: 'string', minLength: 2, maxLength: 4 }, minItems: 3, maxItems: 3 },
  'string patterns': {
    type: 'object',
    properties: {
      code: { type: 'string', pattern: '^[A-Z]{2}-\\d{3,5}$' },
      part: { type: 'string', pattern: 'x"y', maxLength: 6 },
      path: { type: 'string', pattern: '^(\\\\|\\n|[^a-z]){1,4}$' },
      start: { type: 'string', pattern: '^ab|cd$', minLength: 4, maxLength: 5 },
    },
    required: ['code', 'part', 'path', 'start'],
  },
  'all optional': {
    type: 'object',
    properties: { a: { type: 'null' }, b: { type: 'boolean' }, c: { const: 'é"' } },
    additionalProperties: false,
  },
  'optional and required': {
    type: 'object',
    properties: {
      a: { type: 'null' },
      'b "q"': { type: 'boolean' },
      c: { enum: ['x', 1, null, { deep: [1, 2] }] },
      d: {},
    },
    required: ['b "q"'],
  },
  'required but not declared': {
    type: 'object',
    properties: { a: { type: 'null' }, b: { type: 'null' } },
    required: ['b', 'z'],
  },
  'nested objects': {
    type: 'object',
    properties: {
      person: {
        type: 'object',
        properties: {
          name: { type: 'string', maxLength: 8 },
          age: { type: 'integer', minimum: 0, maximum: 130 },
          tags: { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 3 },
        },
        required: ['name', 'age'],
      },
      ok: { type: 'boolean' },
    },
    required: ['person', 'ok'],
  },
  'a map': { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 3 },
  'an empty object': { type: 'object', additionalProperties: false },
  'enum narrowed by type': { type: ['string', 'null'], enum: ['a', 1, null, true] },
  'a linked list': { $ref: '#/$defs/node', $defs: { node } },
  'a tree': {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 3 },
      children: { type: 'array', items: { $ref: '#' }, maxItems: 3 },
    },
    required: ['name'],
  },
  'allOf of objects': {
    allOf: [
      { $ref: '#/$defs/named' },
      {
        type: 'object',
        properties: { age: { type: 'number', minimum: 0 }, name: { maxLength: 3 } },
        required: ['age'],
      },
      { properties: { age: { type: 'integer', maximum: 9 } } },
    ],
    $defs: {
      named: { type: 'object', properties: { name: { type: 'string' }, nick: { type: 'string' } }, required: ['name'] },
    },
  },
  'allOf with a closed object': {
    allOf: [
      { type: 'object', properties: { a: { type: 'null' }, b: { type: 'boolean' } }, additionalProperties: false },
      { type: 'object', properties: { b: { enum: [true] }, c: { type: 'null' } }, required: ['b'] },
    ],
  },
  'allOf of patterns, values and bounds': {
    type: 'array',
    minItems: 4,
    items: {
      anyOf: [
        { allOf: [{ type: 'string', pattern: '^[a-f]+$' }, { pattern: '[bc]$' }, { maxLength: 4 }] },
        { allOf: [{ enum: [1, 2, 'x', null] }, { enum: [2, 'x', true] }] },
        { allOf: [{ type: ['number', 'string'] }, { type: ['integer', 'boolean'] }, { minimum: 5, maximum: 7 }] },
      ],
    },
  },
  'keywords beside anyOf, oneOf and $ref': {
    type: 'object',
    properties: {
      kind: { enum: ['a', 'b'] },
      size: { $ref: '#/$defs/size', maximum: 3 },
      word: { type: 'string', oneOf: [{ maxLength: 1 }, { minLength: 3, maxLength: 4 }] },
    },
    required: ['kind'],
    anyOf: [
      { properties: { kind: { const: 'a' } }, required: ['size'] },
      { properties: { kind: { const: 'b' }, extra: { type: 'boolean' } }, required: ['word', 'extra'] },
    ],
    $defs: { size: { type: 'integer', minimum: 0 } },
  },
  'a list whose nodes are an allOf': {
    $ref: '#/$defs/node',
    $defs: {
      base: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
      node: {
        allOf: [
          { $ref: '#/$defs/base' },
          { properties: { next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] } }, required: ['next'] },
        ],
      },
    },
  },
  'oneOf with a discriminator': {
    oneOf: [
      {
        type: 'object',
        properties: { kind: { const: 'circle' }, r: { type: 'number', minimum: 0 } },
        required: ['kind', 'r'],
      },
      {
        type: 'object',
        properties: { kind: { enum: ['square', 'box'] }, side: { type: 'integer' } },
        required: ['kind', 'side'],
      },
      { type: 'string', maxLength: 2 },
      { type: 'string', minLength: 3, maxLength: 5 },
      { type: 'integer', minimum: 10, maximum: 20 },
      { type: 'number', exclusiveMinimum: 20, maximum: 30 },
    ],
  },
};

describe('random walks parse and validate (ajv)', () => {
  for (const [name, schema] of Object.entries(schemas)) {
    it(name, async () => {
      const validate = new Ajv({ strict: false }).compile(schema);
      const constraint = await createConstraint({ jsonSchema: schema }, tokenizer, [EOS]);
      const sampler = await createSampler({ seed: 17 });
      const texts = new Set<string>();
      for (let i = 0; i < WALKS; i++) {
        const text = randomWalk(constraint, sampler, tokenizer, 120);
        const value = JSON.parse(text);
        expect(validate(value), `${text}: ${JSON.stringify(validate.errors)}`).toBe(true);
        texts.add(text);
      }
      if (name !== 'an empty object') expect(texts.size).toBeGreaterThan(1);
    });
  }

  it.each<[format: string, isRight: (text: string) => boolean]>([
    ['date', (text) => new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)],
    ['date-time', (text) => !Number.isNaN(Date.parse(text))],
    ['time', (text) => /^\d\d:\d\d:\d\d/.test(text)],
    ['email', (text) => /^[^@\s]+@[^@\s]+(\.[a-z]+|\])$/i.test(text)],
    ['ipv4', (text) => text.split('.').length === 4 && text.split('.').every((part) => Number(part) <= 255)],
    ['ipv6', (text) => URL.canParse(`http://[${text}]/`)],
    ['uuid', (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)],
    ['uri', (text) => /^[a-z][a-z\d+.-]*:/i.test(text) && !/[^!-~]/.test(text)],
    ['hostname', (text) => text.split('.').every((label) => /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i.test(label))],
    ['duration', (text) => /^P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/.test(text)],
    ['json-pointer', (text) => /^(\/([^~/]|~[01])*)*$/.test(text)],
    ['regex', (text) => Boolean(new RegExp(text, 'u'))],
  ])('format %s', async (format, isRight) => {
    const sampler = await createSampler({ seed: 5 });
    const constraint = await createConstraint({ jsonSchema: { type: 'string', format } }, tokenizer, [EOS]);
    for (let i = 0; i < 20; i++) {
      const text = JSON.parse(randomWalk(constraint, sampler, tokenizer, 100));
      expect(isRight(text), `${format} ${text}`).toBe(true);
    }
  });

  it('recursion has no limit but the tokens that are left', async () => {
    const branch = { anyOf: [{ type: 'null' }, { $ref: '#/$defs/t' }] };
    const tree = {
      type: 'object',
      properties: { a: branch, b: branch, c: branch, d: branch },
      required: ['a', 'b', 'c', 'd'],
    };
    const schema = { $ref: '#/$defs/t', $defs: { t: tree } };
    const validate = new Ajv({ strict: false }).compile(schema);
    const constraint = await createConstraint({ jsonSchema: schema }, tokenizer, [EOS]);
    const sampler = await createSampler({ seed: 3 });
    for (let i = 0; i < 5; i++)
      expect(validate(JSON.parse(randomWalk(constraint, sampler, tokenizer, 300)))).toBe(true);
  });
});

describe('schemas that cannot be kept are INVALID_OPTION', () => {
  const object = (properties: object, required: string[] = []): object => ({ type: 'object', properties, required });
  const bad: [unknown, RegExp][] = [
    [false, /cannot be satisfied/],
    [{ type: 'integer', minimum: 5, maximum: 4 }, /cannot be satisfied/],
    [{ type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 5 }, /cannot be satisfied/],
    [{ type: 'number', exclusiveMinimum: 4, maximum: 4 }, /cannot be satisfied/],
    [{ enum: [] }, /cannot be satisfied/],
    [{ type: 'string', enum: [1, 2] }, /cannot be satisfied/],
    [{ type: 'string', pattern: '^a{5}$', maxLength: 4 }, /cannot be satisfied/],
    [{ type: 'string', minLength: 3, maxLength: 2 }, /cannot be satisfied/],
    [{ type: 'array', items: false, minItems: 1 }, /cannot be satisfied/],
    [{ type: 'array', minItems: 3, maxItems: 2 }, /cannot be satisfied/],
    [object({ a: false }, ['a']), /cannot be satisfied/],
    [{ type: 'object', additionalProperties: false, required: ['a'] }, /cannot be satisfied/],
    [{ $ref: '#' }, /refers to itself without a property or an item between/],
    [object({ a: { $ref: '#' } }, ['a']), /cannot be satisfied/],
    [{ $ref: '#/$defs/none' }, /points to nothing/],
    [{ $ref: 'https://example.org/schema' }, /points outside of the schema/],
    [{ type: 'text' }, /the type "text"; allowed are object/],
    [{ type: 'array', contains: false }, /cannot be satisfied/],
    [object({ a: { type: 'number', multipleOf: 0 } }), /properties\/a has multipleOf 0; allowed is a number above 0/],
    [object({ a: { multipleOf: 1e-20 } }), /properties\/a has multipleOf 1e-20.*cannot be enforced.*'ignore'/],
    [{ type: 'string', maxLength: -1 }, /maxLength -1; allowed is an integer/],
    [{ type: 'integer', minimum: '5' }, /minimum "5"; allowed is a number/],
    [{ anyOf: [] }, /anyOf \[\]; allowed is a list of schemas/],
    [{ allOf: [] }, /allOf \[\]; allowed is a list of schemas/],
    [{ allOf: [{ $ref: '#' }, { type: 'object' }] }, /refers to itself/],
    [{ anyOf: [{ $ref: '#' }, { $ref: '#' }], type: 'object' }, /refers to itself/],
    [{ allOf: [{ type: 'string' }, { type: 'integer' }] }, /cannot be satisfied/],
    [{ type: 'number', allOf: [{ minimum: 3 }, { maximum: 2 }] }, /cannot be satisfied/],
    [{ allOf: [{ enum: ['a', 'b'] }, { enum: ['c'] }] }, /cannot be satisfied/],
    [{ oneOf: [{ type: 'integer' }, { type: 'integer' }] }, /cannot be satisfied/],
    [{ type: 'array', uniqueItems: true, items: { enum: [1, 2] }, minItems: 3 }, /cannot be satisfied/],
    [{ type: 'array', not: { uniqueItems: true } }, /uniqueItems.*cannot be enforced/],
    ['text', /is "text"; allowed is an object, true or false/],
    [object({ a: 5 }), /properties\/a 5; allowed is a schema: an object, true or false/],
    [{ type: 'string', pattern: '(?<=a)b' }, /look-behind.*cannot be enforced/],
  ];
  for (const [schema, message] of bad) {
    it(JSON.stringify(schema), async () => {
      const error = await createConstraint({ jsonSchema: schema as object }, tokenizer).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'INVALID_OPTION' });
      expect(error.message).toMatch(message);
    });
  }
});
