import type { ModelFiles, ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { CloneableSource } from './protocol.ts';

/** Makes a source fit for a worker: URLs become absolute strings, seen from the page. */
export function cloneableSource(source: ModelSource): CloneableSource {
  if (source instanceof URL) return absolute(source.href);
  // A hub id stays what it is; './models/mine' and '/models/mine' need the page's address.
  if (typeof source === 'string') return /^\.{0,2}\//.test(source) ? absolute(source) : source;
  return Object.fromEntries(
    Object.entries(source).map(([name, file]) => [name, file instanceof URL ? absolute(file.href) : file]),
  );
}

/** Next.js makes URL objects whose `href` is a path. */
function absolute(address: string): string {
  return typeof document === 'undefined' ? address : new URL(address, document.baseURI).href;
}

/** The other direction. */
export function restoreSource(source: CloneableSource): ModelSource {
  if (typeof source === 'string') return source;
  const files = Object.entries(source).map(
    ([name, file]) => [name, typeof file === 'string' ? new URL(file) : file] as const,
  );
  return Object.fromEntries(files) as ModelFiles;
}
