import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../sampler/create-sampler.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ConstraintSpec } from './compile-constraint.ts';
import type { Constraint } from './constraint.ts';
import { byteTokenizer, EOS } from './testing/byte-tokenizer.ts';
import { createConstraint } from './testing/create-constraint.ts';
import { randomWalk } from './testing/random-walk.ts';

const tokenizer = byteTokenizer();

/** Ids whose bit is set. */
function idsOf(mask: Uint32Array): number[] {
  return Array.from({ length: mask.length * 32 }, (_, id) => id).filter((id) => (mask[id >> 5] >>> (id & 31)) & 1);
}

function accepts(constraint: Constraint, id: number): boolean {
  try {
    constraint.fork().accept(id);
    return true;
  } catch {
    return false;
  }
}

function bytesOf(id: number): string {
  try {
    return String.fromCharCode(...tokenizer.decodeBytes([id]));
  } catch {
    return '';
  }
}

describe('masks', () => {
  it('hold exactly the tokens that some choice goes on with, at every step', async () => {
    const choices = ['yes', 'no', 'nobody', 'abc', 'abcabc"}', 'a the end'];
    const start = await createConstraint({ choices }, tokenizer, [EOS]);
    const ids = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter(
      (id) => id !== EOS && bytesOf(id) !== '',
    );
    const prefixes = new Set(
      choices.flatMap((text) => Array.from({ length: text.length + 1 }, (_, n) => text.slice(0, n))),
    );
    for (const prefix of prefixes) {
      const constraint = start.fork();
      for (const character of prefix) constraint.accept(character.charCodeAt(0));
      const expected = ids.filter((id) => choices.some((text) => text.startsWith(prefix + bytesOf(id))));
      if (choices.includes(prefix)) expected.push(EOS);
      expect(idsOf(constraint.mask()), prefix).toEqual(expected.sort((a, b) => a - b));
      expect(constraint.canEnd()).toBe(choices.includes(prefix));
      expect(constraint.isComplete()).toBe(choices.includes(prefix) && expected.length === 1);
    }
  });

  it('never have special tokens as text, nor ids without a token', async () => {
    const constraint = await createConstraint({ regex: '[\\s\\S]*' }, tokenizer, [EOS]);
    expect(idsOf(constraint.mask())).toContain(EOS);
    expect(idsOf((await createConstraint({ regex: '[\\s\\S]+' }, tokenizer, [EOS])).mask())).not.toContain(EOS);
    expect(idsOf(constraint.mask())).not.toContain(tokenizer.vocabSize - 1);
  });

  it('a token that the mask did not allow is an error, end-of-text ends', async () => {
    const constraint = await createConstraint({ choices: ['no', 'nobody'] }, tokenizer, [EOS]);
    const invalid = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => constraint.accept(120)).toThrow(invalid);
    expect(() => constraint.accept(EOS)).toThrow(invalid);
    for (const byte of [110, 111]) constraint.accept(byte);
    const other = constraint.fork();
    constraint.accept(EOS);
    expect(constraint.isComplete()).toBe(true);
    expect(() => constraint.accept(98)).toThrow(invalid);
    expect(other.isComplete()).toBe(false);
    other.accept(98);
  });

  it('go on after what stands there already, and refuse what no text begins with', async () => {
    const specs: readonly (ConstraintSpec & { after: string })[] = [
      { regex: 'é+\\d{2}', after: 'éé1' },
      { choices: ['yes', 'yesterday'], after: 'yes' },
      { jsonSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }, after: '{ "n": ' },
    ];
    for (const spec of specs) {
      const constraint = await createConstraint(spec, tokenizer, [EOS]);
      const whole = await createConstraint({ ...spec, after: '' }, tokenizer, [EOS]);
      for (const byte of new TextEncoder().encode(spec.after)) whole.accept(byte);
      expect(idsOf(constraint.mask()), spec.after).toEqual(idsOf(whole.mask()));
      expect(constraint.canEnd()).toBe(whole.canEnd());
      await expect(createConstraint({ ...spec, after: '?' }, tokenizer, [EOS])).rejects.toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
  });

  it('when few tokens remain only those are allowed from which the text can be finished', async () => {
    const sampler = await createSampler({ seed: 4 });
    const constraint = await createConstraint({ regex: '\\{[a-z]*(x[0-9]{3})?\\}' }, tokenizer, [EOS]);
    for (let tokens = 2; tokens < 12; tokens++) {
      for (let i = 0; i < 20; i++) {
        expect(randomWalk(constraint, sampler, tokenizer, tokens)).toMatch(/^\{[a-z]*(x[0-9]{3})?\}$/);
      }
    }
    expect(idsOf(constraint.fork().mask(1)).length).toBeGreaterThan(0);
  });

  it.each<ConstraintSpec>([
    { regex: '[a-z]{2,5}(?= )( the){1,3}|\\d+\\.\\d{2}é?' },
    {
      jsonSchema: {
        type: ['object', 'string', 'number'],
        properties: { name: { maxLength: 4 }, id: {} },
        required: ['name'],
      },
    },
    {
      jsonSchema: {
        type: 'array',
        items: { enum: ['a', 'abc', 12, true] },
        uniqueItems: true,
        contains: { type: 'string' },
      },
    },
    {
      jsonSchema: {
        type: 'object',
        additionalProperties: { type: ['integer', 'null'] },
        propertyNames: { maxLength: 3 },
      },
    },
    { jsonSchema: { type: 'string', pattern: '^(?!ab)[a-c"日\\n]+$', not: { const: 'c' } } },
    {
      jsonSchema: {
        anyOf: [
          { type: 'object', properties: { ab: { const: '日本' } } },
          { type: 'array', items: { $ref: '#' } },
        ],
      },
    },
  ])('hold exactly the tokens that the text can go on with, wherever a walk comes: %o', async (spec) => {
    const sampler = await createSampler({ seed: 9 });
    const start = await createConstraint(spec, tokenizer, [EOS]);
    const ids = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter((id) => id !== EOS && bytesOf(id));
    for (let walk = 0; walk < 6; walk++) {
      const constraint = start.fork();
      for (let i = 0; i < 12 && !constraint.isComplete(); i++) {
        const expected = ids.filter((id) => accepts(constraint, id));
        if (constraint.canEnd()) expected.push(EOS);
        expect(idsOf(constraint.mask())).toEqual(expected.sort((a, b) => a - b));
        sampler.setMask(constraint.mask());
        constraint.accept(sampler.next(new Float32Array(tokenizer.vocabSize)).tokenId);
      }
    }
  });

  it('what must come is told, up to where there is a choice', async () => {
    const choices = ['yes, the cat', 'yes, the cow', 'no'];
    const constraint = await createConstraint({ choices }, tokenizer, [EOS]);
    expect(constraint.forcedBytes()).toBe('');
    constraint.accept('y'.charCodeAt(0));
    expect(constraint.forcedBytes()).toBe('es, the c');
    for (const byte of constraint.forcedBytes()) constraint.accept(byte.charCodeAt(0));
    expect(constraint.forcedBytes()).toBe('');
    constraint.accept('a'.charCodeAt(0));
    expect(constraint.forcedBytes()).toBe('t');
  });

  const gpt2 = new URL('../../../shared/data/tokenizers/gpt2/encoder.json', import.meta.url);
  it.skipIf(!existsSync(gpt2))("over GPT-2's vocabulary equal a scan of all its tokens (../shared/data)", async () => {
    const vocabulary = Object.entries(JSON.parse(readFileSync(gpt2, 'utf8')) as Record<string, number>);
    // Only plain characters: enough here, where no token may hold anything else.
    const texts = vocabulary.map(([text, id]) => [text.replaceAll('Ġ', ' '), id] as const);
    const byId = new Map(texts.map(([text, id]) => [id, text]));
    const plain = {
      vocabSize: 50257,
      specialTokens: new Map([['<|endoftext|>', 50256]]),
      decodeBytes: ([id]: number[]) => new TextEncoder().encode(byId.get(id)),
    };
    const start = await createConstraint({ regex: '[a-z ]{3,9}[!?]' }, plain as unknown as Tokenizer, [50256]);
    const expected = (prefix: string): number[] =>
      texts.filter(([text]) => /^(?:[a-z ]{0,9}|[a-z ]{3,9}[!?])$/.test(prefix + text)).map(([, id]) => id);
    for (const prefix of ['', 'a', 'so', 'hey you', 'hey you a']) {
      const constraint = start.fork();
      for (const character of prefix) constraint.accept(texts.find(([text]) => text === character)?.[1] as number);
      expect(idsOf(constraint.mask())).toEqual(expected(prefix).sort((a, b) => a - b));
    }
  });
});

describe('bad constraints are INVALID_OPTION', () => {
  const bad: [unknown, RegExp][] = [
    [{}, /one of choices, regex and jsonSchema/],
    [null, /constraint is null/],
    [{ choices: ['a'], regex: 'b' }, /one of choices/],
    [{ choices: [] }, /at least one text/],
    [{ choices: [''] }, /none of them empty/],
    [{ choices: 'abc' }, /constraint.choices is 'abc'/],
    [{ regex: 5 }, /constraint.regex is 5/],
    [{ regex: '[]' }, /cannot be satisfied/],
    [{ regex: 'a[^\\s\\S]' }, /cannot be satisfied/],
  ];
  for (const [spec, message] of bad) {
    it(JSON.stringify(spec), async () => {
      const error = await createConstraint(spec as ConstraintSpec, tokenizer).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'INVALID_OPTION' });
      expect(error.message).toMatch(message);
    });
  }

  it('a vocabulary without the characters that are asked for', async () => {
    const digits = {
      ...tokenizer,
      vocabSize: 58,
      decodeBytes: ([id]: number[]) => (id >= 48 ? Uint8Array.of(id) : new Uint8Array()),
    };
    const only = digits as unknown as Tokenizer;
    await expect(createConstraint({ choices: ['yes'] }, only)).rejects.toThrow(
      /none of the tokenizer's tokens can write/,
    );
    expect(idsOf((await createConstraint({ regex: '\\d+' }, only)).mask()).length).toBe(10);
  });
});
