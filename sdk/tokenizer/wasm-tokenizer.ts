import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { arrayLike, text as textKind, tokenLimit } from '../options/kinds.ts';
import { decodeOptions, encodeOptions } from '../options/table.ts';
import { joinLists } from '../platform/join-lists.ts';
import { alignParts, isJoined } from './align-parts.ts';
import { allowedTokens } from './allowed-tokens.ts';
import { findAddedTokens } from './find-added-tokens.ts';
import { chunkEnd, gpt1Text } from './gpt1-text.ts';
import { decodeIds } from './id-decoder.ts';
import { createStreamDecoder, spaced } from './stream-decoder.ts';
import { TextFeeder } from './text-feeder.ts';
import type { StreamDecoder, Tokenizer, TokenizerKind } from './tokenizer.ts';
import type { AddedToken, TokenizerSettings } from './tokenizer-definition.ts';
import type { TokenizerExports } from './wasm-exports.ts';

type EncodeOptions = Parameters<Tokenizer['encode']>[1];
type DecodeOptions = Parameters<Tokenizer['decode']>[1];

/** Takes the ids (or UTF-16 starts) of a stretch of text: a view that the next call overwrites. */
type IdSink = (ids: Uint32Array) => void;

const noLimit = 0xffffffff;

const skipsSpecial = (options: DecodeOptions): boolean =>
  (options && checkOptions(decodeOptions(), options).skipSpecial) ?? false;

/** The tokenizer over one instance of the module with its tables in place. */
export class WasmTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly kind: TokenizerKind;
  readonly specialTokens: ReadonlyMap<string, number>;
  /** For snapshots. */
  readonly module: WebAssembly.Module;
  readonly wasm: TokenizerExports;
  readonly settings: TokenizerSettings;
  readonly #feeder: TextFeeder;
  readonly #decoderOfChunks: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #always: readonly AddedToken[];

  constructor(module: WebAssembly.Module, wasm: TokenizerExports, settings: TokenizerSettings) {
    this.module = module;
    this.wasm = wasm;
    this.settings = settings;
    this.vocabSize = wasm.idLimit.value;
    this.kind = settings.kind;
    this.specialTokens = new Map(
      settings.added.filter((token) => token.special).map((token) => [token.content, token.id]),
    );
    this.#always = settings.added.filter((token) => !token.special);
    this.#feeder = new TextFeeder(wasm);
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    return this.#collect(text, this.#allowed(options));
  }

  count(text: string): number {
    return this.#run(text, () => {});
  }

  isWithinLimit(text: string, limit: number): boolean {
    checkArgument('limit', limit, tokenLimit);
    return this.#run(text, () => {}, undefined, false, limit) <= limit;
  }

  offsets(text: string): Uint32Array {
    return this.#collect(text, undefined, true);
  }

  encodeBatch(texts: readonly string[], options?: EncodeOptions): Uint32Array[] {
    checkArgument('texts', texts, arrayLike);
    const allowed = this.#allowed(options);
    return Array.from(texts, (text) => this.#collect(text, allowed));
  }

  decode(tokenIds: ArrayLike<number>, options?: DecodeOptions): string {
    return this.#decode(tokenIds, skipsSpecial(options));
  }

  #decode(tokenIds: ArrayLike<number>, skipSpecial: boolean): string {
    let text = '';
    // Not in stream mode, which is several times slower in Node; chunks end with whole characters.
    decodeIds(this.wasm, skipSpecial ? this.#withoutSpecial(tokenIds) : tokenIds, (bytes) => {
      text += this.#decoderOfChunks.decode(bytes);
    });
    // The space behind the last word is none of the text.
    return this.kind === 'gpt1' ? spaced(text).trim() : text;
  }

  decodeBytes(tokenIds: ArrayLike<number>): Uint8Array {
    if (this.kind === 'gpt1') return new TextEncoder().encode(this.decode(tokenIds));
    return this.#bytesOf(tokenIds);
  }

  decodeBatch(batch: readonly ArrayLike<number>[], options?: DecodeOptions): string[] {
    checkArgument('batch', batch, arrayLike);
    const skipSpecial = skipsSpecial(options);
    return Array.from(batch, (tokenIds) => this.#decode(tokenIds, skipSpecial));
  }

  decoder(): StreamDecoder {
    return createStreamDecoder((tokenId) => this.#bytesOf([tokenId]), this.kind === 'gpt1');
  }

  /** What to look for in a text before it is split; undefined is what always counts. */
  #allowed(options: EncodeOptions): AddedToken[] | undefined {
    const { allowSpecial } = options ? checkOptions(encodeOptions(), options) : {};
    return allowSpecial === undefined ? undefined : allowedTokens(this.settings.added, allowSpecial);
  }

  #bytesOf(tokenIds: ArrayLike<number>): Uint8Array {
    const parts: Uint8Array[] = [];
    decodeIds(this.wasm, tokenIds, (bytes) => parts.push(bytes.slice()));
    return joinLists(parts, Uint8Array);
  }

  #withoutSpecial(tokenIds: ArrayLike<number>): ArrayLike<number> {
    const special = new Set(this.specialTokens.values());
    return Array.from(tokenIds).filter((id) => !special.has(id));
  }

  /** The ids of a text, or their starts. */
  #collect(text: string, allowed?: readonly AddedToken[], withStarts?: boolean): Uint32Array {
    const parts: Uint32Array[] = [];
    this.#run(text, (ids) => parts.push(ids.slice()), allowed, withStarts);
    return joinLists(parts, Uint32Array);
  }

  /** Encodes a text, added tokens included; stops after more than `limit` ids. The sink gets ids, or starts. */
  #run(text: string, sink: IdSink, allowed = this.#always, withStarts = false, limit = Infinity): number {
    checkArgument('text', text, textKind);
    let total = 0;
    let position = 0;
    for (const { id, start, end } of findAddedTokens(text, allowed)) {
      total += this.#runPlain(text.slice(position, start), limit - total, withStarts, position, sink);
      if (total > limit) return total;
      sink(Uint32Array.of(withStarts ? start : id));
      total++;
      position = end;
    }
    if (total > limit) return total;
    return total + this.#runPlain(position ? text.slice(position) : text, limit - total, withStarts, position, sink);
  }

  /** Encodes a text without added tokens, which begins at `base` of the whole. */
  #runPlain(text: string, limit: number, withStarts: boolean, base: number, sink: IdSink): number {
    if (this.kind !== 'gpt1') return this.#runChunk(text, limit, withStarts, base, sink);
    let total = 0;
    for (let start = 0, end = 0; start < text.length && total <= limit; start = end) {
      end = chunkEnd(text, start);
      total += this.#runChunk(text.slice(start, end), limit - total, withStarts, base + start, sink);
    }
    return total;
  }

  #normalized(text: string): string {
    if (this.kind === 'gpt1') return gpt1Text(text, this.#feeder);
    return this.settings.normalization.reduce((plain, form) => plain.normalize(form), text);
  }

  #runChunk(text: string, limit: number, withStarts: boolean, base: number, sink: IdSink): number {
    const { wasm } = this;
    let plain = this.#normalized(text);
    const places =
      withStarts && plain !== text
        ? alignParts(
            text,
            plain,
            (part) => this.#normalized(part),
            (codePoint) => isJoined(codePoint, wasm.classOf(codePoint)),
          )
        : undefined;
    const shift = text !== '' && this.settings.addPrefixSpace && !plain.startsWith(' ') ? 1 : 0;
    if (shift) plain = ` ${plain}`;
    return this.#feeder.feed(plain, Math.min(limit, noLimit), withStarts, (count, at) => {
      const view = new Uint32Array(wasm.memory.buffer, withStarts ? wasm.startsOut.value : wasm.outputAt.value, count);
      if (!withStarts) return sink(view);
      sink(
        view.map((start) => {
          const place = Math.max(start + at - shift, 0);
          return base + (places ? places[place] : place);
        }),
      );
    });
  }
}
