import type { AddedToken, Template } from './tokenizer-definition.ts';

/** What a text comes to before merging: an id, or a piece to be merged; with the places in the text. */
export type TextPart =
  | { readonly id: number; readonly at: number; readonly piece?: undefined }
  | { readonly piece: string; readonly placeOf: (unit: number) => number };

/** How texts are read, and what becomes of their ids. */
export interface Reading {
  /** What to look for in a text before it is split. */
  readonly sought: readonly AddedToken[];
  readonly template: Template<number>;
  readonly withStarts: boolean;
  readonly limit: number;
  /** Takes the ids (or UTF-16 starts) of a stretch of text: a view that the next call overwrites. */
  readonly sink: (ids: Uint32Array) => void;
}
