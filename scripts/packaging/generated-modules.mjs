// Rollup plugin: modules that exist only once the package is built; sdk/ has declarations of them. Workers have to be built before.
import { basename, resolve } from 'node:path';

/** Names of files in the folder `out`: `beside` stay files of their own, reached by `import('./<file>')`; `inside` go into the bundle. */
export function generatedModules({ out, beside, inside = [] }) {
  return {
    name: 'generated-modules',
    resolveId(source) {
      const file = basename(source);
      // Chunks lie in dist/ beside these files, wherever in sdk/ the import stood.
      if (beside.includes(file)) return { id: `./${file}`, external: 'relative' };
      return inside.includes(file) ? resolve(out, file) : null;
    },
  };
}
