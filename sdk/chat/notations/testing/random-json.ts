type Schema = Record<string, unknown> | boolean;

/** Texts for patterns and formats that the tests use. */
const samples: Record<string, readonly string[]> = {
  '^[a-z]{2,4}$': ['ab', 'wxyz'],
  date: ['2024-02-29', '1999-12-31'],
};
const known =
  'type enum const properties required additionalProperties unevaluatedProperties items minItems maxItems minimum maximum minLength maxLength pattern format anyOf allOf $ref $defs $id $schema description title';

/** A value of a schema, drawn at random; of the keywords that the tests use. */
export function randomJson(schema: Schema, random: () => number, root: Schema = schema, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const draw = (inner: Schema, at = root): unknown => randomJson(inner, random, at, depth + 1);
  if (schema === true) return pick([null, true, 1.5, 'x', [1], { a: 1 }]);
  if (schema === false) throw new Error('no value fits');
  for (const keyword of Object.keys(schema))
    if (!known.split(' ').includes(keyword)) throw new Error(`the tests know no ${keyword}`);
  if (typeof schema.$ref === 'string') {
    const [address, fragment] = schema.$ref.split('#');
    const resource = address ? (schema.$defs as Record<string, Schema>).parameters : root;
    return draw(pointed(resource, fragment), resource);
  }
  if (Array.isArray(schema.anyOf)) return draw(pick(schema.anyOf));
  if (Array.isArray(schema.allOf))
    return Object.assign({}, ...schema.allOf.map((part) => draw({ ...part, type: 'object' })));
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return pick(schema.enum);
  switch (Array.isArray(schema.type) ? pick(schema.type) : schema.type) {
    case 'string':
      return randomString(schema, random);
    case 'integer':
    case 'number': {
      const { minimum = -1000, maximum = 1000 } = schema as { minimum?: number; maximum?: number };
      const number = minimum + random() * (maximum - minimum);
      return schema.type === 'integer' ? Math.round(number) : number;
    }
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    case 'array': {
      const { minItems = 0, maxItems = depth > 4 ? 0 : 3 } = schema as { minItems?: number; maxItems?: number };
      const length = minItems + Math.floor(random() * (maxItems - minItems + 1));
      return Array.from({ length }, () => draw((schema.items ?? true) as Schema));
    }
    case 'object': {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      const required = (schema.required ?? []) as string[];
      const chosen = properties.filter(([name]) => required.includes(name) || random() < 0.5);
      return Object.fromEntries(chosen.map(([name, inner]) => [name, draw(inner)]));
    }
  }
  throw new Error(`the tests know no type ${schema.type}`);
}

/** Text with whatever might be taken for something else. */
export function randomText(random: () => number, without: string): string {
  const pieces = [
    'a',
    'Zürich',
    ' ',
    '\n',
    '"',
    "'",
    '\\',
    '</param',
    '<escape',
    '{',
    '}',
    ')',
    ', b=',
    '🌲',
    'null',
    '<',
  ];
  const count = Math.floor(random() * 6);
  const text = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]).join('');
  return `${text}${without}`.indexOf(without) === text.length ? text : '';
}

function randomString(schema: Record<string, unknown>, random: () => number): string {
  const list = samples[String(schema.pattern ?? schema.format)];
  if (list) return list[Math.floor(random() * list.length)];
  const { minLength = 0, maxLength = 1e9 } = schema as { minLength?: number; maxLength?: number };
  return [...randomText(random, '\0')].slice(0, maxLength).join('').padEnd(minLength, 'p');
}

function pointed(schema: Schema, fragment: string): Schema {
  let at = schema as unknown;
  for (const key of fragment.split('/').slice(1)) at = (at as Record<string, unknown>)[decodeURIComponent(key)];
  return at as Schema;
}
