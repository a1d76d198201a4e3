import type { ModelSource } from '../checkpoint/open-source.ts';
import type { CloneableSource } from './protocol.ts';

/**
 * Makes a source fit for a worker: URLs become absolute addresses, seen from the page. What is no source goes as it is, for the
 * worker to refuse.
 */
export function cloneableSource(source: ModelSource): CloneableSource {
  if (source instanceof URL) return absolute(source.href);
  // A hub id stays what it is; './models/mine' and '/models/mine' need the page's address.
  if (typeof source === 'string') return /^\.{0,2}\//.test(source) ? absolute(source) : source;
  return mapFiles(source, (file) => (file instanceof URL ? { url: absolute(file.href) } : file));
}

/** Next.js makes URL objects whose `href` is a path. */
function absolute(address: string): string {
  return typeof document === 'undefined' ? address : new URL(address, document.baseURI).href;
}

/** The other direction. */
export function restoreSource(source: CloneableSource): ModelSource {
  return mapFiles(source, (file) => (typeof file === 'object' && 'url' in file ? new URL(file.url) : file));
}

function mapFiles<File, Other>(source: string | Record<string, File>, change: (file: File) => Other) {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return source as string;
  return Object.fromEntries(Object.entries(source).map(([name, file]) => [name, change(file)]));
}
