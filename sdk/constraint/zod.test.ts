import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSampler } from '../sampler/create-sampler.ts';
import { byteTokenizer, EOS } from './testing/byte-tokenizer.ts';
import { createConstraint } from './testing/create-constraint.ts';
import { randomWalk } from './testing/random-walk.ts';

const tokenizer = byteTokenizer();
/** Of each schema. */
const WALKS = process.env.GPTLET_EVERY_TEST ? 50 : 15;
const TOKENS = 120;
const SEED = 11;

const person = z.object({ name: z.string().max(8), age: z.int().min(0).max(130) });
const category = z.object({
  name: z.string().max(3),
  get sub() {
    return z.array(category).max(2);
  },
});
const linked: z.ZodType = z.lazy(() => z.object({ value: z.boolean(), next: linked.nullable() }));
const Level = { Low: 1, High: 2 } as const;

/** Every kind of schema that zod can say as JSON schema. */
const kinds: Record<string, z.ZodType> = {
  string: z.string(),
  'string of a length': z.string().length(5),
  'string of some length': z.string().min(2).max(6),
  'string that is not empty': z.string().nonempty(),
  'string by a regular expression': z.string().regex(/^[a-z]{2,4}\d+$/),
  'string by a look-ahead': z.string().regex(/^(?=.*\d)(?=.*[a-z])[a-z\d]{4,8}$/),
  'string by a look-ahead for what must not be': z.string().regex(/^(?!ab)[a-c]{2,5}$/),
  'string by two regular expressions': z.string().regex(/^a/).regex(/z$/).max(9),
  'string that starts, ends and holds': z.string().startsWith('ab').endsWith('c').includes('12').max(12),
  'string in lower case': z.string().lowercase().max(9),
  'string in upper case': z.string().uppercase().max(9),
  email: z.email(),
  'email as browsers take it': z.email({ pattern: z.regexes.html5Email }),
  'email by RFC 5322': z.email({ pattern: z.regexes.rfc5322Email }),
  'email in any script': z.email({ pattern: z.regexes.unicodeEmail }),
  url: z.url(),
  hostname: z.hostname(),
  emoji: z.emoji(),
  uuid: z.uuid(),
  uuidv4: z.uuidv4(),
  uuidv7: z.uuidv7(),
  guid: z.guid(),
  cuid: z.cuid(),
  cuid2: z.cuid2(),
  ulid: z.ulid(),
  xid: z.xid(),
  ksuid: z.ksuid(),
  nanoid: z.nanoid(),
  base64: z.base64(),
  base64url: z.base64url(),
  hex: z.hex(),
  hash: z.hash('md5'),
  ipv4: z.ipv4(),
  ipv6: z.ipv6(),
  mac: z.mac(),
  cidrv4: z.cidrv4(),
  cidrv6: z.cidrv6(),
  e164: z.e164(),
  'iso date': z.iso.date(),
  'iso time': z.iso.time(),
  'iso time to the minute': z.iso.time({ precision: -1 }),
  'iso datetime': z.iso.datetime(),
  'iso datetime with an offset': z.iso.datetime({ offset: true }),
  'iso datetime of a place': z.iso.datetime({ local: true, precision: 3 }),
  'iso duration': z.iso.duration(),
  number: z.number(),
  'number within bounds': z.number().min(-1.5).max(2.25),
  'number within open bounds': z.number().gt(0).lt(1),
  'positive number': z.number().positive(),
  'number by steps': z.number().multipleOf(0.25),
  'number by two steps': z.number().multipleOf(4).multipleOf(6),
  int: z.int(),
  'int within bounds': z.int().min(-12).max(105),
  'int by steps': z.int().multipleOf(7).nonnegative(),
  int32: z.int32(),
  uint32: z.uint32(),
  float32: z.float32(),
  float64: z.float64(),
  boolean: z.boolean(),
  null: z.null(),
  any: z.any(),
  unknown: z.unknown(),
  'a JSON value': z.json(),
  enum: z.enum(['red', 'green', 'né"é']),
  'enum of TypeScript': z.enum(Level),
  literal: z.literal('tuna'),
  'literal number': z.literal(12),
  literals: z.literal(['a', 1, true, null]),
  'template literal': z.templateLiteral(['v', z.int().min(0), '.', z.enum(['alpha', 'beta'])]),
  'template literal with a number and a unit': z.templateLiteral([z.number(), z.enum(['px', 'em', '%'])]),
  nullable: z.string().max(4).nullable(),
  nullish: z.object({ a: z.boolean().nullish() }),
  optional: z.object({ a: z.boolean().optional(), b: z.null() }),
  'exact optional': z.object({ a: z.boolean().exactOptional() }),
  nonoptional: z.object({ a: z.boolean().optional().nonoptional() }),
  default: z.object({ a: z.int().default(5) }),
  prefault: z.object({ a: z.string().max(3).prefault('x') }),
  catch: z.object({ a: z.int().catch(0) }),
  readonly: z.array(z.boolean()).readonly(),
  array: z.array(z.int()),
  'array of a length': z.array(z.boolean()).length(3),
  'array of some length': z
    .array(z.enum(['a', 'b']))
    .min(1)
    .max(4),
  'array that is not empty': z.array(z.null()).nonempty(),
  tuple: z.tuple([z.boolean(), z.null(), z.int()]),
  'tuple with a rest': z.tuple([z.boolean()]).rest(z.null()),
  'tuple with an optional end': z.tuple([z.boolean(), z.null().optional()]),
  object: person,
  'strict object': z.strictObject({ a: z.boolean(), b: z.null().optional() }),
  'loose object': z.looseObject({ a: z.boolean() }),
  'object with a catchall': z.object({ a: z.boolean() }).catchall(z.int()),
  'partial object': person.partial(),
  'required object': person.partial().required(),
  'picked, extended object': person.pick({ name: true }).extend({ ok: z.boolean() }),
  keyof: person.keyof(),
  record: z.record(z.string().max(4), z.boolean()),
  'record by an enum': z.record(z.enum(['x', 'y', 'z']), z.boolean()),
  'partial record by an enum': z.partialRecord(z.enum(['x', 'y', 'z']), z.boolean()),
  'record by a pattern': z.record(z.string().regex(/^k[0-9]$/), z.null()),
  'loose record': z.looseRecord(z.string().regex(/^k[0-9]/), z.null()),
  'record by numbers': z.record(z.number(), z.null()),
  union: z.union([z.int(), z.boolean(), z.string().max(3)]),
  xor: z.xor([z.object({ a: z.null() }).strict(), z.object({ b: z.null() }).strict()]),
  'discriminated union': z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('circle'), radius: z.number().positive() }),
    z.object({ kind: z.literal(['square', 'cube']), side: z.int().min(1).max(9) }),
  ]),
  intersection: z.intersection(person, z.object({ ok: z.boolean() })),
  'intersection of unions': z.intersection(z.union([z.int(), z.boolean()]), z.union([z.int(), z.null()])),
  'recursive by a getter': category,
  lazy: linked,
  'pipe into a transform': z
    .string()
    .max(4)
    .transform((text) => text.length),
  preprocess: z.preprocess((value) => value, z.int()),
  coerce: z.object({ flag: z.coerce.boolean(), text: z.coerce.string() }),
  codec: z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString() as never,
  }),
  refine: z.int().refine(() => true),
  brand: z.string().max(3).brand<'id'>(),
  describe: z.string().max(3).describe('a name'),
  meta: z.object({ a: z.int() }).meta({ id: 'thing', title: 'A thing' }),
};

/** Of these the JSON schema that zod makes says less than zod checks, so what fits it need not parse: it is still a string. */
const saidInPart: Record<string, z.ZodType> = {
  'url by protocol and host': z.url({ protocol: /^https?$/, hostname: z.regexes.domain }),
  httpUrl: z.httpUrl(),
  jwt: z.jwt(),
  pipe: z.string().max(4).pipe(z.string().min(2)),
  stringbool: z.stringbool(),
};

/** Draws texts and gives the values. */
async function draw(jsonSchema: object, seed: number): Promise<unknown[]> {
  const constraint = await createConstraint({ jsonSchema }, tokenizer, [EOS]);
  const sampler = await createSampler({ seed });
  return Array.from({ length: WALKS }, () => JSON.parse(randomWalk(constraint, sampler, tokenizer, TOKENS)));
}

describe("what is written by a zod schema's JSON schema parses with zod", () => {
  for (const [name, schema] of Object.entries(kinds)) {
    it(name, async () => {
      for (const value of await draw(z.toJSONSchema(schema, { io: 'input' }), SEED)) {
        const { success, error } = schema.safeParse(value);
        expect(success, `${JSON.stringify(value)}: ${error?.message}`).toBe(true);
      }
    });
  }

  for (const [name, schema] of Object.entries(saidInPart)) {
    it(`${name}: as far as its JSON schema says it`, async () => {
      for (const value of await draw(z.toJSONSchema(schema, { io: 'input' }), SEED)) expect(value).toBeTypeOf('string');
    });
  }

  it('in the form of draft 7 too', async () => {
    const schema = z.object({
      tuple: z.tuple([z.boolean()]).rest(z.null()),
      count: z.int().gt(2).lt(9),
      shape: kinds['discriminated union'],
      tree: category,
    });
    for (const value of await draw(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }), 12)) schema.parse(value);
  });

  it('and what goes out of a codec goes back in', async () => {
    for (const value of await draw(z.toJSONSchema(z.stringbool(), { io: 'output' }), 13)) {
      expect(['true', 'false']).toContain(z.encode(z.stringbool(), value as boolean));
    }
  });
});
