// Rollup plugin: modules that exist only once the package is built.
import { basename, resolve } from 'node:path';

const generated = new Set(['worker-inline.js', 'worker-constraint-inline.js', 'default-model-inline.js']);

/**
 * `out`: where the bundle goes. `external`: generated files there that stay files of their own, reached by `import('./<file>')`; the
 * other generated ones are taken into the bundle. `everything`: what the entry `gptlet-single` exports.
 */
export function generatedModules({ out, external, everything = [] }) {
  return {
    name: 'generated-modules',
    resolveId(source) {
      if (source === 'gptlet-single') return '\0gptlet-single';
      const file = basename(source);
      if (!generated.has(file)) return null;
      // Chunks lie in dist/ beside these files, wherever in sdk/ the import stood.
      return external.includes(file) ? { id: `./${file}`, external: 'relative' } : resolve(out, file);
    },
    load(id) {
      if (id !== '\0gptlet-single') return null;
      return everything.map((path) => `export * from ${JSON.stringify(resolve(path))};`).join('\n');
    },
  };
}
