import * as z from 'zod';
import type { JsonSchema } from '../../../loaded-model/tool.ts';
import { readParameters } from '../read-parameters.ts';
import type { NamedTool } from '../tool-notation.ts';

const object = (properties: Record<string, unknown>, required: readonly string[] = [], more = {}): JsonSchema => ({
  type: 'object',
  properties,
  required,
  ...more,
});

const schemas: Record<string, JsonSchema> = {
  weather: object(
    {
      city: { type: 'string', description: 'Where.' },
      unit: { type: 'string', enum: ['celsius', 'fahrenheit', 'kelvin'] },
      days: { type: 'integer', minimum: 1, maximum: 7 },
      hourly: { type: 'boolean' },
    },
    ['city', 'days'],
  ),
  now: object({}),
  'all-optional': object({
    a: { type: 'string' },
    b: { type: 'number' },
    c: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    d: { type: ['string', 'null'] },
    e: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
    f: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
  }),
  nested: object(
    {
      filter: object({ tags: { type: 'array', items: { type: 'string' } }, on: { type: 'boolean' } }, ['tags'], {
        additionalProperties: false,
      }),
      rows: { type: 'array', minItems: 1, maxItems: 2, items: object({ x: { type: ['boolean', 'null'] } }, ['x']) },
    },
    ['rows'],
  ),
  referring: object(
    {
      unit: { $ref: '#/$defs/unit' },
      tree: { $ref: '#/$defs/tree' },
      same: { $ref: '#/properties/unit' },
      list: { type: 'array', items: { $ref: '#/$defs/unit' } },
    },
    ['tree'],
    {
      $defs: {
        unit: { enum: ['m', 'km'] },
        tree: object(
          { value: { type: 'integer' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
          ['value', 'children'],
          { additionalProperties: false },
        ),
      },
    },
  ),
  joined: {
    allOf: [object({ a: { type: 'integer' } }, ['a']), { $ref: '#/$defs/more' }],
    $defs: { more: object({ b: { type: 'string' } }, ['b']) },
  },
  restricted: object(
    {
      code: { type: 'string', pattern: '^[a-z]{2,4}$' },
      day: { type: 'string', format: 'date' },
      short: { type: 'string', minLength: 1, maxLength: 5 },
      version: { const: 2 },
    },
    ['code', 'day', 'short', 'version'],
  ),
  listed: object(
    {
      letters: { enum: ['a', 'ab', 'abc'] },
      numbers: { enum: [1, 12, 123] },
      flags: { enum: [true, null] },
      mixed: { enum: ['1x', 2, null] },
      maybe: { enum: ['', 'x'] },
    },
    ['letters', 'numbers'],
  ),
};

const zodSchema = z.object({
  name: z.string(),
  age: z.int().min(0).max(130).optional(),
  colours: z.array(z.enum(['red', 'green'])).max(3),
  note: z.string().nullable(),
});

/** Tools whose schemas have all that matters to notations; names of which some begin with others. */
export const tools: readonly NamedTool[] = [
  ...Object.entries({ ...schemas, weather_of_zod: zodSchema }).map(([name, schema]) => ({
    name,
    parameters: readParameters(name, schema),
  })),
];
