import type { ResolvedLoadOptions } from '../loading/load-options.ts';

/** How a model is loaded that drafts for another: as that one, but for what was said of its own load and length. */
export function draftOptions({ signal: _, onProgress: __, ...options }: ResolvedLoadOptions): ResolvedLoadOptions {
  return { ...options, contextLength: undefined };
}
