import { expect, it } from 'vitest';
import { GptletError } from '../../errors/gptlet-error.ts';
import { hermes } from './hermes.ts';
import { declaredOnly } from './json-call.ts';
import { listParameters } from './list-parameters.ts';
import { qwenXml } from './qwen-xml.ts';
import { asDocument } from './schema-part.ts';
import type { CallWriter } from './tool-notation.ts';

const listed = (parameters: Record<string, unknown>): unknown[] =>
  listParameters({ name: 'find', parameters }).map(({ name, part, required }) => [name, part.schema, required]);

it('lists what is declared in its order, through references and allOf', () => {
  const parameters = {
    properties: { a: { type: 'string' } },
    required: ['c', 'elsewhere'],
    allOf: [{ $ref: '#/$defs/more' }, { properties: { c: true } }],
    $defs: { more: { properties: { b: { type: 'null' } } } },
  };
  expect(listed(parameters)).toEqual([
    ['b', { type: 'null' }, false],
    ['c', true, true],
    ['a', { type: 'string' }, false],
    ['elsewhere', true, true],
  ]);
});

it.each([
  ['anyOf at its top', { anyOf: [{ properties: { a: true } }, { properties: { b: true } }] }],
  ['patternProperties at its top', { patternProperties: { a: true } }],
  ['$ref "https://example.org" at its top', { $ref: 'https://example.org' }],
  ['a property named "a b"', { properties: { 'a b': true } }],
  ["speaks twice of the property 'a'", { properties: { a: true }, allOf: [{ properties: { a: true } }] }],
  ['fits no object', { allOf: [{ $ref: '#' }] }],
])('refuses what one argument after the other cannot follow: %s', (what, parameters) => {
  expect(() => listed(parameters)).toThrow(what);
  expect(() => qwenXml.check?.({ name: 'find', parameters })).toThrow('tools.find.parameters');
});

it('a part with references is a document of its own', () => {
  const parameters = { properties: { 'a/b~c': { items: { $ref: '#/$defs/x' } } }, $defs: { x: { type: 'null' } } };
  const [{ part }] = listParameters({ name: 'find', parameters });
  expect(asDocument(part)).toEqual({
    $ref: 'json-schema://parameters/#/properties/a~1b~0c',
    $defs: { parameters: { ...parameters, $id: 'json-schema://parameters/' } },
  });
});

it('names beyond the declared ones are written only where a schema speaks of them', () => {
  const properties = { a: true };
  expect(declaredOnly({ properties, required: ['b'] })).toEqual({
    properties: { a: true, b: true },
    required: ['b'],
    additionalProperties: false,
  });
  expect(declaredOnly({ properties, additionalProperties: true })).toEqual({ properties, additionalProperties: true });
  expect(declaredOnly({ allOf: [{ properties }] })).toMatchObject({ unevaluatedProperties: false });
});

it('what is wrong with a schema is said with the name of the tool', async () => {
  const writer: CallWriter = {
    force: () => {},
    choose: async ([text]) => text,
    json: async () => {
      throw new GptletError('INVALID_OPTION', 'jsonSchema at /properties/a has a fault.');
    },
    textUntil: async () => '',
  };
  const tool = { name: 'find', parameters: { type: 'object', properties: {} } };
  await expect(hermes.write(writer, '<tool_call>', [tool])).rejects.toThrow(
    'tools.find.parameters: jsonSchema at /properties/a has a fault.',
  );
});
