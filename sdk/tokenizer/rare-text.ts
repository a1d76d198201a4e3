import { between, type FindTokens, type FoundToken, tokenFinder } from './added-tokens.ts';
import { alignParts, isJoined } from './align-parts.ts';
import { cutText, type ReadySplit } from './cut-text.ts';
import { decodedPieces } from './decoded-text.ts';
import { chunkEnd, gpt1Text } from './gpt1-text.ts';
import { type NormalText, normalizeText } from './normalize-text.ts';
import type { Release } from './stream-decoder.ts';
import type { Reading, TextPart } from './text-part.ts';
import type { AddedToken, Replacement, TokenizerSettings } from './tokenizer-definition.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/**
 * What few tokenizers do to a text before the module merges: what their templates put around it, GPT-1's cleaning,
 * normalising, regular expressions, a space in front; and what they do to a decoded one.
 */
export class RareText {
  readonly #wasm: TokenizerExports;
  readonly #settings: TokenizerSettings;
  readonly #splits: readonly ReadySplit[];
  readonly #findEarly: FindTokens;
  /** Those found in normalised text, normalised themselves. Of one that this takes away nothing is there to be found. */
  readonly #findLate: FindTokens;
  readonly #hasLate: boolean;

  constructor(wasm: TokenizerExports, settings: TokenizerSettings) {
    const { splits, normalization, added } = settings;
    this.#wasm = wasm;
    this.#settings = settings;
    this.#splits = splits.map(({ source, flags, keep }) => ({ pattern: new RegExp(source, flags), keep }));
    const isLate = (token: AddedToken): boolean => token.normalized === true && normalization.length > 0;
    this.#findEarly = tokenFinder(added.filter((token) => !isLate(token)));
    const late = added.filter(isLate);
    this.#hasLate = late.length > 0;
    this.#findLate = tokenFinder(
      late.map((token) => ({ ...token, content: normalizeText(token.content, normalization).text })),
    );
  }

  /** What becomes of a text once it is decoded. */
  decodedPieces(): Release {
    return decodedPieces(this.#settings);
  }

  /** The parts of a text with what the template puts around it, but for what the text begins or ends with already. */
  *parts(text: string, reading: Reading): Generator<TextPart> {
    const { before, after } = reading.template;
    const found = this.#findEarly(text, reading.isSought);
    const begins = leads(found, before, 0);
    const last = after.length > 0 ? found.slice(begins ? before.length : 0).slice(-after.length) : [];
    const ends = leads(last, after, last[0]?.start) && last.at(-1)?.end === text.length;
    if (!begins) for (const id of before) yield { id, at: 0 };
    yield* between(text, found, (rest, at) => this.#partsOf(rest, at, reading));
    if (!ends) for (const id of after) yield { id, at: text.length };
  }

  /** The parts of a text without added tokens as written, which begins at `base` of the whole; `normalized` ones are found here. */
  *#partsOf(text: string, base: number, { isSought, continues, withStarts }: Reading): Generator<TextPart> {
    const isGpt1 = this.#settings.kind === 'gpt1';
    const joins = continues === true && base === 0;
    for (let start = 0, end = 0; start < text.length; start = end) {
      end = isGpt1 ? chunkEnd(text, start) : text.length;
      const normal = this.#normalize(text.slice(start, end), joins, withStarts);
      const placeOf = (unit: number): number => base + start + (normal.places ? normal.places[unit] : unit);
      const found = this.#findLate(normal.text, isSought);
      for (const part of between(normal.text, found, (piece, at) => this.#pieces(piece, at, base + at === 0, joins)))
        yield part.piece === undefined
          ? { id: part.id, at: placeOf(part.at) }
          : { piece: part.piece, placeOf: (unit) => placeOf(part.placeOf(unit)) };
    }
  }

  /** The pieces of a normalised text, where regular expressions cut it. */
  *#pieces(text: string, base: number, isFirst: boolean, joins: boolean): Generator<TextPart> {
    const { kind, addPrefixSpace } = this.#settings;
    const isText = kind === 'sentencepiece';
    const mayShift = isFirst ? addPrefixSpace && !joins : addPrefixSpace === true;
    const shift = mayShift && !(isText ? /^[ \u2581]/ : /^ /).test(text) ? 1 : 0;
    for (const [piece, at] of cutText(shift ? ` ${text}` : text, this.#splits))
      yield {
        // The module takes blanks for the vocabulary's marks.
        piece: isText ? piece.replaceAll('\u2581', ' ') : piece,
        placeOf: (unit) => base + Math.max(at + unit - shift, 0),
      };
  }

  #normalize(text: string, joins: boolean, withPlaces: boolean): NormalText {
    const { kind, normalization } = this.#settings;
    const isMark = (codePoint: number): boolean => isJoined(codePoint, this.#wasm.classOf(codePoint));
    if (normalization.length === 0 && this.#splits.length === 0 && kind !== 'gpt1') return { text, places: undefined };
    if (kind === 'gpt1') {
      const change = (part: string): string => gpt1Text(part, this.#wasm);
      const plain = change(text);
      return { text: plain, places: withPlaces ? alignParts(text, plain, change, isMark) : undefined };
    }
    // As the module takes them, so that patterns see it too.
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
    const steps = normalization.filter((step) => {
      const { isPrefix, marksBlanks } = step as Replacement;
      return !(joins && isPrefix) && (!marksBlanks || this.#hasLate);
    });
    return normalizeText(wellFormed, steps, withPlaces ? isMark : undefined);
  }
}

/** Whether the first tokens found are these, one after the other from `start` on. */
function leads(found: readonly FoundToken[], ids: readonly number[], start: number | undefined): boolean {
  return ids.every((id, i) => found[i]?.id === id && found[i].start === (i ? found[i - 1].end : start));
}
