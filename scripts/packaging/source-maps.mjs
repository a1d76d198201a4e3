// Rollup plugin: follows the maps that tsc wrote, so that the package's maps lead to TypeScript.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export function sourceMaps() {
  return {
    name: 'source-maps',
    load(id) {
      if (!id.includes('/build/sdk/') || !existsSync(`${id}.map`)) return null;
      const map = JSON.parse(readFileSync(`${id}.map`, 'utf8'));
      const sources = map.sources.map((source) => resolve(dirname(id), map.sourceRoot ?? '', source));
      // Base64 of compiled modules is no source that anyone reads.
      const sourcesContent = sources.map((path) => (path.endsWith('.gen.ts') ? '' : readFileSync(path, 'utf8')));
      return { code: readFileSync(id, 'utf8'), map: { ...map, sources, sourcesContent } };
    },
  };
}
