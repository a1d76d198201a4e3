import type { ModelFiles, ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { CloneableSource } from './protocol.ts';

/** Makes a source fit for a worker: URLs become absolute strings, seen from the page. */
export function cloneableSource(source: ModelSource): CloneableSource {
  if (source instanceof URL) return source.href;
  if (typeof source === 'string') {
    // A hub id stays what it is; './models/mine' and '/models/mine' need the page's address.
    const isPath = /^\.{0,2}\//.test(source);
    return isPath && typeof document !== 'undefined' ? new URL(source, document.baseURI).href : source;
  }
  return Object.fromEntries(
    Object.entries(source).map(([name, file]) => [name, file instanceof URL ? file.href : file]),
  );
}

/** The other direction. */
export function restoreSource(source: CloneableSource): ModelSource {
  if (typeof source === 'string') return source;
  const files = Object.entries(source).map(
    ([name, file]) => [name, typeof file === 'string' ? new URL(file) : file] as const,
  );
  return Object.fromEntries(files) as ModelFiles;
}
