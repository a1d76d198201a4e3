import { describe, expect, it } from 'vitest';
import { createSampler } from '../sampler/create-sampler.ts';
import { byteTokenizer, EOS } from './testing/byte-tokenizer.ts';
import { createConstraint } from './testing/create-constraint.ts';
import { randomWalk } from './testing/random-walk.ts';

const tokenizer = byteTokenizer();

describe('a value that texts follow', () => {
  const ends = [')', ', b='];
  it.each<[string, object]>([
    ['a number', { type: 'number' }],
    ['a text', { type: 'string', maxLength: 5 }],
    ['a list', { type: 'array', items: { type: 'integer' }, maxItems: 3 }],
    ['an object', { type: 'object', properties: { a: { enum: [1, 12] } }, additionalProperties: false }],
    ['one of several', { anyOf: [{ type: 'null' }, { type: 'integer' }, { type: 'array', maxItems: 0 }] }],
  ])('is whole before one of them: %s', async (_, jsonSchema) => {
    const constraint = await createConstraint({ jsonSchema, followedBy: ends }, tokenizer, [EOS]);
    const sampler = await createSampler({ seed: 5 });
    const met = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const text = randomWalk(constraint, sampler, tokenizer, 60);
      const end = ends.find((each) => text.endsWith(each)) ?? '';
      met.add(end);
      JSON.parse(text.slice(0, text.length - end.length));
    }
    expect([...met].sort()).toEqual(ends);
  });

  it('cannot end without, and ends with', async () => {
    const constraint = await createConstraint({ jsonSchema: { type: 'integer' }, followedBy: ['}'] }, tokenizer, [EOS]);
    for (const byte of ' 12') {
      expect(constraint.canEnd()).toBe(false);
      constraint.accept(byte.charCodeAt(0));
    }
    expect(constraint.canEnd()).toBe(false);
    constraint.accept('}'.charCodeAt(0));
    expect(constraint.isComplete()).toBe(true);
  });

  it('is refused with texts that are none', async () => {
    const refused = (followedBy: unknown): Promise<unknown> =>
      createConstraint({ jsonSchema: true, followedBy: followedBy as string[] }, tokenizer);
    await expect(refused([''])).rejects.toThrow('constraint.followedBy');
    await expect(refused('}')).rejects.toThrow('constraint.followedBy');
  });
});
