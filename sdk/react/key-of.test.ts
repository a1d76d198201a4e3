import { expect, it } from 'vitest';
import { keyOf } from './key-of.ts';

const blob = new Blob(['{}']);

it('is the same for what means the same, made anew', () => {
  const files = () => ({ 'config.json': blob, 'model.safetensors': new URL('https://example.org/m') });
  expect(keyOf({ source: files() })).toBe(keyOf({ source: files() }));
  expect(keyOf({ dtype: 'q8', threads: undefined, hub: null })).toBe(keyOf({ dtype: 'q8' }));
  expect(keyOf({ a: 1, b: 2 })).toBe(keyOf({ b: 2, a: 1 }));
  expect(keyOf(new URL('https://example.org/m/'))).toBe(keyOf('https://example.org/m/'));
  expect(keyOf({ worker: () => {} })).toBe(keyOf({ worker: () => {} }));
});

it.each([
  ['texts', 'a', 'b'],
  ['a text and a number', '1', 1],
  ['a text and nothing', 'undefined', undefined],
  ['options', { dtype: 'q8' }, { dtype: 'q4' }],
  ['options and none', { threads: 1 }, {}],
  ['hubs', { hub: { endpoint: 'a' } }, { hub: { endpoint: 'b' } }],
  ['names that could be read as values', { 'a:1,b': 1 }, { a: '1,b:1' }],
  ['files of one name', { 'config.json': blob }, { 'config.json': new Blob(['{}']) }],
  ['buffers', new Uint8Array(1), new Uint8Array(1)],
])('tells %s apart', (_, one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});
