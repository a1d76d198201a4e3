import { describe, expect, it } from 'vitest';
import { ConstraintService } from './constraint-service.ts';
import { byteTokenizer, EOS } from './testing/byte-tokenizer.ts';
import { vocabularyBytes } from './vocabulary-bytes.ts';

const service = new ConstraintService(vocabularyBytes(byteTokenizer()));
const code = (character: string): number => character.charCodeAt(0);

describe('constraints as a service', () => {
  it('follows several at once, each from its own beginning, and tells warnings once', () => {
    const spec = { jsonSchema: { enum: ['a', 'b'], maxlength: 2 } };
    const [one, other] = [service.open(spec, [EOS], 10), service.open(spec, [EOS], 10)];
    expect([one.warnings.length, other.warnings.length]).toEqual([1, 0]);
    const letter = service.accept(one.id, [code('"'), code('a')], 8);
    expect(letter.forced).toBe('"');
    expect(service.accept(one.id, [code('"')], 7).mask).toBeUndefined();
    expect(service.accept(other.id, [code('"')], 9).mask).toBeDefined();
    service.close(one.id);
    expect(() => service.accept(one.id, [], 1)).toThrow('is closed');
  });

  it('has no half characters in what must come', () => {
    const { id, step } = service.open({ choices: ['日本', '日曜'] }, [], 10);
    expect(step.forced).toBe('日');
    expect(service.accept(id, [0xe6, 0x97, 0xa5], 7).forced).toBe('');
  });

  it('begins anew where the first was never finished, and with other ends', () => {
    const spec = { regex: 'ab?' };
    expect(service.accept(service.open(spec, [], 9).id, [code('a')], 8).mask?.[8]).toBe(0);
    expect(service.accept(service.open(spec, [EOS], 9).id, [code('a')], 8).mask?.[8]).toBe(1);
  });
});
