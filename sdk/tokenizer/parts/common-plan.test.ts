import { describe, expect, it } from 'vitest';
import { commonPlan, type Json, type TokenizerParts } from '../tokenizer-parts.ts';
import { readParts } from './read-parts.ts';

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const bare = { ...byteLevel, use_regex: false };
const cl100k =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = (more: Json = {}): Json => ({
  type: 'Split',
  pattern: { Regex: cl100k },
  behavior: 'Isolated',
  invert: false,
  ...more,
});
const sequence = (...pretokenizers: unknown[]): Json => ({ type: 'Sequence', pretokenizers });
const parts = (more: Partial<TokenizerParts> = {}): TokenizerParts => ({
  model: { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false },
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: byteLevel,
  decoder: byteLevel,
  ...more,
});

describe('the short way to a plan', () => {
  it.each<[string, Partial<TokenizerParts>]>([
    ['GPT-2', {}],
    ['GPT-2 without what it need not say', { post_processor: undefined, decoder: null, normalizer: undefined }],
    ['a space in front', { pre_tokenizer: { ...byteLevel, add_prefix_space: true } }],
    ['no pattern', { pre_tokenizer: bare }],
    ['ByteLevel alone in a sequence', { pre_tokenizer: sequence(byteLevel) }],
    ['a known pattern', { pre_tokenizer: sequence(split(), bare) }],
    [
      'a known pattern, removed and inverted',
      { pre_tokenizer: sequence(split({ behavior: 'Removed', invert: true }), bare) },
    ],
    ['NFC', { normalizer: { type: 'NFC' }, pre_tokenizer: sequence(split(), bare) }],
  ])('gives what reading every part gives: %s', (_name, more) => {
    const plan = commonPlan(parts(more), false);
    expect(plan).toBeDefined();
    expect(plan).toEqual(readParts(parts(more), {}));
  });

  it.each<[string, Partial<TokenizerParts>]>([
    ['another normalizer', { normalizer: { type: 'NFD' } }],
    ['a normalizer that is a text', { normalizer: 'NFC' }],
    ['an unknown pattern', { pre_tokenizer: sequence(split({ pattern: { Regex: 'x' } }), bare) }],
    ['a pattern that is a text', { pre_tokenizer: sequence(split({ pattern: { String: cl100k } }), bare) }],
    ['a known pattern that is removed', { pre_tokenizer: sequence(split({ behavior: 'Removed' }), bare) }],
    ['two patterns', { pre_tokenizer: sequence(split(), split(), bare) }],
    ['two patterns, one ByteLevel’s', { pre_tokenizer: sequence(split(), byteLevel) }],
    ['a null for a step', { pre_tokenizer: sequence(null, bare) }],
    ['steps that are a text', { pre_tokenizer: { type: 'Sequence', pretokenizers: 'ByteLevel' } }],
    ['no pre-tokenizer', { pre_tokenizer: null }],
    ['a template', { post_processor: { type: 'TemplateProcessing' } }],
    ['another decoder', { decoder: { type: 'Metaspace' } }],
    ['another model', { model: { type: 'WordPiece' } }],
    ['dropout', { model: { type: 'BPE', dropout: 0.1 } }],
    ['unknown ones made one', { model: { type: 'BPE', fuse_unk: true } }],
  ])('is not taken where a part is otherwise: %s', (_name, more) => {
    expect(commonPlan(parts(more), false)).toBeUndefined();
  });

  it('needs no template read where the config says what goes around a text', () => {
    const template = { post_processor: { type: 'TemplateProcessing' } };
    expect(commonPlan(parts(template), true)).toEqual(commonPlan(parts(), false));
  });
});
