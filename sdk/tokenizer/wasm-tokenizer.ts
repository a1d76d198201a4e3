import { alignParts, isJoined } from './align-parts.ts';
import { allowedTokens, checkLimit, checkText } from './check-arguments.ts';
import { findAddedTokens } from './find-added-tokens.ts';
import { feedGpt1 } from './gpt1-text.ts';
import { decodeIds } from './id-decoder.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { type ChunkSink, TextFeeder } from './text-feeder.ts';
import type { StreamDecoder, Tokenizer, TokenizerKind } from './tokenizer.ts';
import type { AddedToken, TokenizerSettings } from './tokenizer-definition.ts';
import type { TokenizerExports } from './wasm-exports.ts';

type EncodeOptions = Parameters<Tokenizer['encode']>[1];
type DecodeOptions = Parameters<Tokenizer['decode']>[1];

/** Takes the ids of a stretch of text: a view that the next call overwrites, and the stretch's UTF-16 position. */
type IdSink = (ids: Uint32Array, position: number) => void;

/** Joins lists of ids; one list is given as it is. */
function join(parts: Uint32Array[]): Uint32Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The tokenizer over one instance of the module with its tables in place. */
export class WasmTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly kind: TokenizerKind;
  readonly specialTokens: ReadonlyMap<string, number>;
  /** For snapshots. */
  readonly module: WebAssembly.Module;
  readonly wasm: TokenizerExports;
  readonly settings: TokenizerSettings;
  private readonly feeder: TextFeeder;
  private readonly decoderOfChunks: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly always: AddedToken[];

  constructor(module: WebAssembly.Module, wasm: TokenizerExports, settings: TokenizerSettings) {
    this.module = module;
    this.wasm = wasm;
    this.settings = settings;
    this.vocabSize = wasm.idLimit.value;
    this.kind = settings.kind;
    this.specialTokens = new Map(
      settings.added.filter((token) => token.special).map((token) => [token.content, token.id]),
    );
    this.always = settings.added.filter((token) => !token.special);
    this.feeder = new TextFeeder(wasm);
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    checkText(text);
    const parts: Uint32Array[] = [];
    const allowed =
      options?.allowSpecial === undefined ? this.always : allowedTokens(this.settings.added, options.allowSpecial);
    this.run(text, allowed, Infinity, false, (ids) => parts.push(ids.slice()));
    return join(parts);
  }

  count(text: string): number {
    checkText(text);
    return this.run(text, this.always, Infinity, false, () => {});
  }

  isWithinLimit(text: string, limit: number): boolean {
    checkText(text);
    checkLimit(limit);
    return this.run(text, this.always, limit, false, () => {}) <= limit;
  }

  offsets(text: string): Uint32Array {
    checkText(text);
    const parts: Uint32Array[] = [];
    this.run(text, this.always, Infinity, true, (starts, position) =>
      parts.push(starts.map((start) => start + position)),
    );
    return join(parts);
  }

  encodeBatch(texts: readonly string[], options?: EncodeOptions): Uint32Array[] {
    return texts.map((text) => this.encode(text, options));
  }

  decode(tokenIds: ArrayLike<number>, options?: DecodeOptions): string {
    let text = '';
    // Not in stream mode, which is several times slower in Node; chunks end with whole characters.
    decodeIds(this.wasm, options?.skipSpecial ? this.withoutSpecial(tokenIds) : tokenIds, (bytes) => {
      text += this.decoderOfChunks.decode(bytes);
    });
    // GPT-1's tokens carry the space behind their word, and the last one's is none of the text.
    return this.kind === 'gpt1' ? text.trim() : text;
  }

  decodeBytes(tokenIds: ArrayLike<number>): Uint8Array {
    if (this.kind === 'gpt1') return new TextEncoder().encode(this.decode(tokenIds));
    const parts: Uint8Array[] = [];
    decodeIds(this.wasm, tokenIds, (bytes) => parts.push(bytes.slice()));
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  decodeBatch(batch: readonly ArrayLike<number>[], options?: DecodeOptions): string[] {
    return batch.map((tokenIds) => this.decode(tokenIds, options));
  }

  decoder(): StreamDecoder {
    const bytesOf = (tokenId: number): Uint8Array => {
      let bytes = new Uint8Array(0);
      decodeIds(this.wasm, [tokenId], (decoded) => {
        bytes = decoded.slice();
      });
      return bytes;
    };
    return createStreamDecoder(bytesOf, this.kind === 'gpt1');
  }

  private withoutSpecial(tokenIds: ArrayLike<number>): ArrayLike<number> {
    const special = new Set(this.specialTokens.values());
    return Array.from(tokenIds).filter((id) => !special.has(id));
  }

  /** Encodes a text, added tokens included; stops after more than `limit` ids. The sink gets ids, or starts. */
  private run(text: string, allowed: readonly AddedToken[], limit: number, withStarts: boolean, sink: IdSink): number {
    let total = 0;
    let position = 0;
    for (const { id, start, end } of allowed.length > 0 ? findAddedTokens(text, allowed) : []) {
      total += this.runPlain(text.slice(position, start), limit - total, withStarts, position, sink);
      if (total > limit) return total;
      sink(Uint32Array.of(withStarts ? 0 : id), start);
      total++;
      position = end;
    }
    if (total > limit) return total;
    return total + this.runPlain(position ? text.slice(position) : text, limit - total, withStarts, position, sink);
  }

  /** Encodes a text without added tokens, which begins at `base` of the whole. */
  private runPlain(text: string, limit: number, withStarts: boolean, base: number, sink: IdSink): number {
    const { wasm, settings } = this;
    if (text === '') return 0;
    const most = Math.min(limit, 0xffffffff);
    const view = (count: number): Uint32Array =>
      new Uint32Array(wasm.memory.buffer, withStarts ? wasm.startsAt() : wasm.outputAt(), count);
    if (this.kind === 'gpt1') {
      return feedGpt1(text, most, withStarts, this.feeder, wasm, (count, at) => sink(view(count), base + at));
    }
    let plain = text;
    for (const form of settings.normalization) plain = plain.normalize(form);
    const shift = settings.addPrefixSpace && !plain.startsWith(' ') ? 1 : 0;
    if (!withStarts || (plain === text && !shift)) {
      return this.feeder.feed(shift ? ` ${plain}` : plain, most, withStarts, (count, at) =>
        sink(view(count), base + at),
      );
    }
    const places = alignParts(
      text,
      plain,
      (part) => settings.normalization.reduce((form, name) => form.normalize(name), part),
      (codePoint) => isJoined(codePoint, wasm.classOf(codePoint)),
    );
    const place = (at: number): number => places[Math.max(at - shift, 0)];
    const chunk: ChunkSink = (count, at) =>
      sink(
        view(count).map((start) => place(start + at)),
        base,
      );
    return this.feeder.feed(shift ? ` ${plain}` : plain, most, true, chunk);
  }
}
