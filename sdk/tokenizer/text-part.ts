import type { AddedToken, Template } from './tokenizer-definition.ts';

/** What a text comes to before merging: an id, or a piece to be merged; with the places in the text. */
export type TextPart =
  | { readonly id: number; readonly at: number; readonly piece?: undefined }
  | { readonly piece: string; readonly placeOf: (unit: number) => number };

/** Which added tokens are looked for. */
export type IsSought = (token: AddedToken) => boolean;

/** How texts are read, and what becomes of their ids. */
export interface Reading {
  /** What to look for in a text before it is split. */
  readonly isSought: IsSought;
  readonly template: Template<number>;
  /** Whether the text goes on from another, so that no space is put before it. */
  readonly continues: boolean | undefined;
  readonly withStarts: boolean;
  readonly limit: number;
  /** Takes the ids (or UTF-16 starts) of a stretch of text: a view that the next call overwrites. */
  readonly sink: (ids: Uint32Array) => void;
}
