// JSON schemas to constrain text with: an everyday one, and one larger than most.
const person = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 40 },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    email: { type: 'string', format: 'email' },
    address: {
      type: 'object',
      properties: {
        street: { type: 'string', maxLength: 60 },
        zip: { type: 'string', pattern: '^[0-9]{5}$' },
        city: { type: 'string' },
      },
      required: ['street', 'city'],
    },
  },
  required: ['name', 'age', 'address'],
};

export const schemas = {
  'a person with an address': person,
  'ten such persons': { type: 'array', items: person, minItems: 10, maxItems: 10 },
};
