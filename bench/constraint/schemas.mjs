// JSON schemas with an instance each: what is measured where no collection is given.
const person = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 40 },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    nick: { type: 'string' },
  },
  required: ['name', 'age'],
  additionalProperties: false,
};
const somebody = { name: 'Ada Lovelace', age: 36, nick: 'Countess' };

export const schemas = [
  { name: 'a person', schema: person, instances: [somebody] },
  {
    name: 'persons',
    schema: { type: 'array', items: person, minItems: 2, maxItems: 12 },
    instances: [Array.from({ length: 6 }, (_, i) => ({ ...somebody, age: 30 + i }))],
  },
  {
    name: 'one of three events',
    schema: {
      anyOf: [
        { properties: { kind: { const: 'click' }, x: { type: 'number' }, y: { type: 'number' } } },
        { properties: { kind: { const: 'key' }, key: { type: 'string', maxLength: 12 } } },
        { properties: { kind: { const: 'scroll' }, by: { type: 'integer', minimum: -1000, maximum: 1000 } } },
      ].map((branch) => ({
        type: 'object',
        ...branch,
        required: Object.keys(branch.properties),
        additionalProperties: false,
      })),
    },
    instances: [
      { kind: 'click', x: 12.5, y: 220 },
      { kind: 'scroll', by: -120 },
    ],
  },
  {
    name: 'a tree',
    schema: {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { label: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
          required: ['label', 'children'],
          additionalProperties: false,
        },
      },
    },
    instances: [
      {
        label: 'root',
        children: [
          { label: 'left', children: [] },
          { label: 'right', children: [{ label: 'leaf', children: [] }] },
        ],
      },
    ],
  },
  {
    name: 'any object',
    schema: { type: 'object' },
    instances: [{ title: 'A walk', tags: ['wood', 'rain'], open: true }],
  },
  {
    name: 'a booking',
    schema: {
      type: 'object',
      properties: {
        id: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{6}$' },
        day: { type: 'string', format: 'date' },
        email: { type: 'string', format: 'email' },
        seats: { type: 'array', items: { enum: ['window', 'aisle', 'middle'] }, minItems: 1, maxItems: 4 },
      },
      required: ['id', 'day', 'email', 'seats'],
      additionalProperties: false,
    },
    instances: [{ id: 'LH-204017', day: '2026-03-01', email: 'ada@example.org', seats: ['window', 'aisle'] }],
  },
];
