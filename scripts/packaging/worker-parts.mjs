// Rollup plugin: in a worker other modules stand in for some, of the same exports: what the page does for it, what it does without.
import { resolve } from 'node:path';

/** `replaced`: path of a module → path of the one that takes its place. */
export function workerParts(replaced) {
  const paths = new Map(Object.entries(replaced).map(([from, to]) => [resolve(from), resolve(to)]));
  const used = new Set();
  return {
    name: 'worker-parts',
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      const other = found && paths.get(found.id);
      // The stand-in itself may want what it stands in for.
      if (!other || importer === other) return null;
      used.add(found.id);
      return other;
    },
    buildEnd() {
      for (const path of paths.keys()) if (!used.has(path)) this.error(`${path} is replaced but never imported`);
    },
  };
}
