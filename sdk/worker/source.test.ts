import { afterEach, describe, expect, it, vi } from 'vitest';
import { cloneableSource, restoreSource } from './source.ts';

describe('a source on its way to a worker', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('has absolute addresses, seen from the page', () => {
    vi.stubGlobal('document', { baseURI: 'https://example.org/app/page' });
    expect(cloneableSource('./models/mine/')).toBe('https://example.org/app/models/mine/');
    expect(cloneableSource('/models/mine/')).toBe('https://example.org/models/mine/');
    expect(cloneableSource(new URL('https://cdn.example/model/'))).toBe('https://cdn.example/model/');
    expect(cloneableSource('owner/name@main')).toBe('owner/name@main');
  });

  it('may hold the URL objects of Next.js, whose href is a path', () => {
    vi.stubGlobal('document', { baseURI: 'https://example.org/app/page' });
    const url = new URL('https://example.org/');
    Object.defineProperty(url, 'href', { value: '/_next/static/media/config.1.json' });
    expect(cloneableSource({ 'config.json': url })).toEqual({
      'config.json': { url: 'https://example.org/_next/static/media/config.1.json' },
    });
  });

  it('comes back with its URLs; what is no source or no file comes back as it is, for its error', () => {
    const bytes = new Uint8Array(2);
    const files = {
      'config.json': new URL('https://cdn.example/config.json'),
      'model.safetensors': bytes,
      'vocab.json': '{}',
    };
    for (const source of [files, 'owner/name', null, 42, undefined, ['x']])
      expect(restoreSource(structuredClone(cloneableSource(source as never)))).toEqual(source);
  });

  it('stays what it is where there is no page', () => {
    expect(cloneableSource('./models/mine/')).toBe('./models/mine/');
  });
});
