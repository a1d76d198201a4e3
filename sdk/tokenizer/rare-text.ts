import { alignParts, isJoined } from './align-parts.ts';
import { cutText, type ReadySplit } from './cut-text.ts';
import { type FoundToken, findAddedTokens } from './find-added-tokens.ts';
import { chunkEnd, gpt1Text } from './gpt1-text.ts';
import { type NormalText, normalizeText } from './normalize-text.ts';
import type { TextFeeder } from './text-feeder.ts';
import type { Reading, TextPart } from './text-part.ts';
import type { AddedToken, TokenizerSettings } from './tokenizer-definition.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/**
 * What few tokenizers do to a text before the module merges: what their templates put around it, GPT-1's cleaning,
 * normalising, regular expressions, a space in front.
 */
export class RareText {
  readonly #wasm: TokenizerExports;
  readonly #settings: TokenizerSettings;
  readonly #feeder: TextFeeder;
  readonly #splits: readonly ReadySplit[];

  constructor(wasm: TokenizerExports, settings: TokenizerSettings, feeder: TextFeeder) {
    this.#wasm = wasm;
    this.#settings = settings;
    this.#feeder = feeder;
    this.#splits = settings.splits.map(({ source, flags, keep }) => ({ pattern: new RegExp(source, flags), keep }));
  }

  /** The parts of a text with what the template puts around it, but for what the text begins or ends with already. */
  *parts(text: string, { sought, template: { before, after }, withStarts }: Reading): Generator<TextPart> {
    const isLate = (token: AddedToken): boolean => token.normalized && this.#settings.normalization.length > 0;
    const found = findAddedTokens(
      text,
      sought.filter((token) => !isLate(token)),
    );
    const begins = leads(found, before, 0);
    const last = after.length > 0 ? found.slice(begins ? before.length : 0).slice(-after.length) : [];
    const ends = leads(last, after, last[0]?.start) && last.at(-1)?.end === text.length;
    if (!begins) for (const id of before) yield { id, at: 0 };
    const late = sought.filter(isLate);
    yield* between(text, found, (rest, at) => this.#partsOf(rest, at, late, withStarts));
    if (!ends) for (const id of after) yield { id, at: text.length };
  }

  /** The parts of a text without added tokens as written, which begins at `base` of the whole; `normalized` ones are found here. */
  *#partsOf(text: string, base: number, normalized: readonly AddedToken[], withPlaces: boolean): Generator<TextPart> {
    const isGpt1 = this.#settings.kind === 'gpt1';
    const { normalization } = this.#settings;
    const tokens = normalized
      .map((token) => ({ ...token, content: normalizeText(token.content, normalization).text }))
      // Of a token that normalising takes away nothing is there to be found.
      .filter(({ content }) => content !== '');
    for (let start = 0, end = 0; start < text.length; start = end) {
      end = isGpt1 ? chunkEnd(text, start) : text.length;
      const normal = this.#normalize(text.slice(start, end), withPlaces);
      const placeOf = (unit: number): number => base + start + (normal.places ? normal.places[unit] : unit);
      const found = findAddedTokens(normal.text, tokens);
      for (const part of between(normal.text, found, (piece, at) => this.#pieces(piece, at)))
        yield part.piece === undefined
          ? { id: part.id, at: placeOf(part.at) }
          : { piece: part.piece, placeOf: (unit) => placeOf(part.placeOf(unit)) };
    }
  }

  /** The pieces of a normalised text, where regular expressions cut it. */
  *#pieces(text: string, base: number): Generator<TextPart> {
    const shift = this.#settings.addPrefixSpace && !text.startsWith(' ') ? 1 : 0;
    for (const [piece, at] of cutText(shift ? ` ${text}` : text, this.#splits))
      yield { piece, placeOf: (unit) => base + Math.max(at + unit - shift, 0) };
  }

  #normalize(text: string, withPlaces: boolean): NormalText {
    const { kind, normalization } = this.#settings;
    const isMark = (codePoint: number): boolean => isJoined(codePoint, this.#wasm.classOf(codePoint));
    if (normalization.length === 0 && this.#splits.length === 0 && kind !== 'gpt1') return { text, places: undefined };
    if (kind === 'gpt1') {
      const change = (part: string): string => gpt1Text(part, this.#feeder);
      const plain = change(text);
      return { text: plain, places: withPlaces ? alignParts(text, plain, change, isMark) : undefined };
    }
    // As the module takes them, so that patterns see it too.
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
    return normalizeText(wellFormed, normalization, withPlaces ? isMark : undefined);
  }
}

/** Whether the first tokens found are these, one after the other from `start` on. */
function leads(found: readonly FoundToken[], ids: readonly number[], start: number | undefined): boolean {
  return ids.every((id, i) => found[i]?.id === id && found[i].start === (i ? found[i - 1].end : start));
}

/** The tokens found in a text, and between them what the rest comes to. */
function* between(
  text: string,
  found: readonly FoundToken[],
  partsOf: (rest: string, at: number) => Iterable<TextPart>,
): Generator<TextPart> {
  let position = 0;
  for (const { id, start, end } of found) {
    if (start > position) yield* partsOf(text.slice(position, start), position);
    yield { id, at: start };
    position = end;
  }
  if (position < text.length) yield* partsOf(position ? text.slice(position) : text, position);
}
