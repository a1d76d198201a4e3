import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packBytes } from '../../scripts/packaging/pack-bytes.mjs';
import { unpackBytes } from '../../sdk/platform/unpack-bytes.ts';
import { samplerWasm } from '../../sdk/sampler/sampler-wasm.gen.ts';

test('packed bytes come back, all 256 values in any order', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (i * i * 31 + (i >> 3)) & 255);
  expect(new Set(bytes).size).toBe(256);
  expect(unpackBytes({ packed: packBytes(bytes) })).toEqual(bytes);
  expect(unpackBytes({ packed: '' })).toEqual(new Uint8Array(0));
});

test('packed bytes need no escape in any kind of string', () => {
  expect(packBytes(Uint8Array.from({ length: 256 }, (_, i) => i))).toMatch(/^[ !#%&(-[\]^_a-~]+$/);
});

test('the built module is what was compiled', () => {
  expect(unpackBytes(samplerWasm)).toEqual(new Uint8Array(readFileSync('build/wasm/sampler.wasm')));
});
