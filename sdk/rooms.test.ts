// The import rule: what each folder of sdk/ and of wasm/ may import besides itself. In the order of the layers: a room may only name
// rooms above it, so that no circle is possible, also none of types. There are no exceptions; sdk/*.ts, the package's entries, put the
// rooms together and may import any. Tests and what is in `testing` may, too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Table = Readonly<Record<string, readonly string[] | 'all above'>>;

const rooms: Table = {
  errors: [],
  options: ['errors'],
  platform: ['errors'],
  model: ['errors', 'options'],
  quantising: ['errors', 'platform', 'model'],
  checkpoint: ['errors', 'platform', 'model', 'quantising'],
  'weight-cache': ['errors', 'options', 'platform', 'checkpoint'],
  tokenizer: ['errors', 'options', 'platform'],
  sampler: ['errors', 'options', 'platform'],
  constraint: ['errors', 'options', 'tokenizer'],
  backends: ['errors', 'platform', 'model', 'quantising'],
  gradients: ['errors', 'platform', 'model', 'quantising', 'backends'],
  'loaded-model': ['errors', 'options', 'model', 'tokenizer', 'sampler', 'constraint'],
  generation: [
    ...['errors', 'options', 'platform', 'model', 'tokenizer', 'sampler', 'constraint'],
    ...['backends', 'loaded-model'],
  ],
  loading: 'all above',
  worker: 'all above',
  heads: ['errors', 'options', 'model', 'tokenizer', 'loaded-model'],
  chat: ['errors', 'options', 'platform', 'model', 'tokenizer', 'loaded-model'],
  prompting: ['errors', 'options', 'model', 'tokenizer', 'loaded-model'],
  training: [
    ...['errors', 'options', 'platform', 'model', 'quantising', 'checkpoint', 'tokenizer'],
    ...['gradients', 'loaded-model', 'worker', 'heads', 'chat'],
  ],
  openai: ['errors', 'options', 'tokenizer', 'loaded-model'],
  remote: ['errors', 'options', 'platform', 'loaded-model', 'chat'],
  api: 'all above',
  'ai-sdk': ['errors', 'options', 'platform', 'model', 'loaded-model', 'loading', 'chat', 'api'],
  react: ['errors', 'options', 'platform', 'checkpoint', 'loaded-model', 'loading', 'heads', 'chat', 'api'],
  'prompt-api': [
    ...['errors', 'options', 'platform', 'checkpoint', 'weight-cache', 'loaded-model', 'loading', 'chat', 'api'],
  ],
  elements: ['errors', 'options', 'platform', 'checkpoint', 'loaded-model', 'loading', 'chat', 'api'],
  cli: [
    ...['errors', 'options', 'platform', 'model', 'quantising', 'checkpoint', 'loaded-model', 'loading'],
    ...['training', 'openai', 'api'],
  ],
};

/** A compiled module is made of one folder, and of the kernels that it has in common with another. */
const wasmRooms: Table = {
  tokenizer: [],
  sampler: [],
  quantising: [],
  unpacking: [],
  kernels: ['quantising'],
  gradients: ['quantising', 'kernels'],
};

describe.each([
  ['sdk', rooms],
  ['wasm', wasmRooms],
])('%s', (root, table) => {
  const names = Object.keys(table);
  const found = importsIn(root);

  test('the table is in the order of the layers', () => {
    for (const [room, allowed] of Object.entries(table)) {
      if (allowed === 'all above') continue;
      expect(names.slice(0, names.indexOf(room)), room).toEqual(expect.arrayContaining([...allowed]));
    }
  });

  test('every import is read', () => {
    expect(found.length).toBeGreaterThan(readdirSync(root).length * 5);
    expect(names).toEqual(expect.arrayContaining([...new Set(found.map(({ room }) => room))]));
  });

  test.each(names)('%s imports what it may', (room) => {
    const allowed = table[room] === 'all above' ? names.slice(0, names.indexOf(room)) : table[room];
    const others = found.filter((each) => each.room === room && each.target !== room);
    expect(others.filter(({ target }) => !allowed.includes(target)).map(({ line }) => line)).toEqual([]);
  });
});

/** Every import of a file of the package's own by a source in a room, whichever way it is written. */
function importsIn(root: string): { room: string; target: string; line: string }[] {
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\/.*\.ts$/.test(path) && !/\.test(-d)?\.ts$|(^|\/)testing\//.test(path),
  );
  return sources.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    // `import … from`, `export … from`, `import '…'`, `import('…')`: in code as in types.
    return [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map(([, specifier]) => {
      const target = join(path, '..', specifier);
      return { room: folderOf(path), target: folderOf(target), line: `${root}/${path} imports ${root}/${target}` };
    });
  });
}

const folderOf = (path: string): string => path.split('/')[0];
