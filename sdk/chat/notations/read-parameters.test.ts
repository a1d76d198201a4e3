import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { z as z3 } from 'zod/v3';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { Tool } from '../../loaded-model/tool.ts';
import { describeTools } from './describe-tools.ts';
import { readParameters } from './read-parameters.ts';

const given = (parameters: unknown): unknown => readParameters('find', parameters as Tool['parameters']);

function refusal(parameters: unknown): string {
  try {
    given(parameters);
  } catch (error) {
    if (GptletError.isInstance(error) && error.code === 'INVALID_OPTION') return error.message;
  }
  throw new Error('it was not refused');
}

describe('parameters of a tool', () => {
  it('are none where none are given', () => {
    expect(given(undefined)).toEqual({ type: 'object', properties: {} });
  });

  it('stay as they are as a JSON schema of an object', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    expect(given(schema)).toEqual(schema);
    expect(given({ $ref: '#/$defs/a', $defs: { a: schema } })).toMatchObject({ type: 'object', $ref: '#/$defs/a' });
    expect(given({ ...schema, type: ['object', 'null'] })).toEqual(schema);
  });

  it('keep an older dialect', () => {
    const $schema = 'http://json-schema.org/draft-07/schema#';
    expect(given({ $schema, type: 'object' })).toEqual({ $schema, type: 'object', properties: {} });
  });

  it('of zod are asked for their JSON schema, of what goes in', () => {
    const schema = z.object({ a: z.string().default('x'), b: z.coerce.number().optional() });
    expect(given(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string', default: 'x' }, b: { type: 'number' } },
    });
  });

  it('of any library that tells it are taken, functions too', () => {
    const input = ({ target }: { target: string }): object => ({ $schema: target, type: 'object' });
    const standard = { version: 1, vendor: 'other', jsonSchema: { input } };
    expect(given(Object.assign(() => 0, { '~standard': standard }))).toMatchObject({ $schema: 'draft-2020-12' });
  });

  it('of a zod that does not tell it are refused with what to do', () => {
    expect(refusal(z3.object({ a: z3.string() }))).toMatch(
      /^tools\.find\.parameters is a schema of zod .*z\.toJSONSchema/,
    );
    expect(refusal({ parse: () => 0, _def: {} })).toContain('a schema of a library');
  });

  it('that cannot be said as a JSON schema are refused with the reason', () => {
    expect(refusal(z.object({ at: z.date() }))).toMatch(/tools\.find\.parameters cannot be said.*Date/);
  });

  it('that are no object are refused', () => {
    expect(refusal({ type: 'string' })).toContain("of the type 'string'");
    expect(refusal(z.array(z.string()))).toContain("of the type 'array'");
    expect(refusal([])).toContain('must be a JSON schema');
    expect(refusal('city')).toContain("is 'city'");
  });
});

it('a system text lists the tools, a line each', () => {
  const parameters = { type: 'object', properties: { a: { type: 'string', description: 'Two\nlines.' } } };
  const lines = describeTools([
    { name: 'find', description: 'Finds.', parameters },
    { name: 'now', parameters },
  ]).split('\n');
  const listed = lines.slice(lines.indexOf('<tools>') + 1, lines.indexOf('</tools>')).map((line) => JSON.parse(line));
  expect(listed).toEqual([
    { type: 'function', function: { name: 'find', description: 'Finds.', parameters } },
    { type: 'function', function: { name: 'now', parameters } },
  ]);
});
