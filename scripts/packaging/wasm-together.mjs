// Rollup plugin: puts the compiled modules side by side into one array, before all other code. gzip codes text in blocks of some
// ten thousand letters, each with a code of its own; modules among the JavaScript spoil the codes of more blocks than need be,
// worth 1 to 2 kB, and minifiers would scatter them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withShortExports } from './short-names.mjs';

/**
 * @param early modules of other texts that are no code, to stand next, worth 0.5 kB
 * @param short names that exports get
 */
export function wasmTogether(paths, early, short) {
  return {
    name: 'wasm-together',
    resolveId: (source) =>
      source === 'packed-wasm' ? '\0packed-wasm' : early.includes(source) ? resolve(source) : null,
    // Modules are put in the order of their first import.
    transform(code, id) {
      if (!this.getModuleInfo(id).isEntry) return null;
      return { code: early.map((path) => `import ${JSON.stringify(path)};`).join('') + code, map: null };
    },
    async load(id) {
      if (id === '\0packed-wasm') {
        const sources = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
        const texts = sources.map((source) => /= *('[^']*')/.exec(withShortExports(source, short))[1]);
        return `export const packed = [${texts.join(',\n')}];`;
      }
      const index = paths.findIndex((path) => id.endsWith(path));
      if (index < 0) return null;
      const [, name] = /export const (\w+)/.exec(await readFile(id, 'utf8'));
      return `import { packed } from 'packed-wasm'; export const ${name} = packed[${index}];`;
    },
    renderChunk(code) {
      const declaration = /const packed = \[(?:\s*'[^']*',?)+\];/.exec(code)?.[0];
      if (!declaration) this.error('the array of modules was not found');
      // As many lines as before, for the source map.
      const rest = code.replace(declaration, () => declaration.replace(/[^\n]/g, ''));
      return { code: `${declaration.replaceAll('\n', '')} ${rest}`, map: null };
    },
  };
}
