import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { arrayLike, tokenLimit } from '../options/kinds.ts';
import { decodeOptions } from '../options/table.ts';
import { joinLists } from '../platform/join-lists.ts';
import { decodeIds } from './id-decoder.ts';
import type { RareText } from './rare-text.ts';
import { createStreamDecoder, type Release } from './stream-decoder.ts';
import type { Reading } from './text-part.ts';
import { TextToIds } from './text-to-ids.ts';
import type { EncodeOptions, StreamDecoder, Tokenizer, TokenizerKind } from './tokenizer.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';
import type { TokenizerExports } from './wasm-exports.ts';

type DecodeOptions = Parameters<Tokenizer['decode']>[1];

const skipsSpecial = (options: DecodeOptions): boolean =>
  (options && checkOptions(decodeOptions(), options).skipSpecial) ?? false;

/** The tokenizer over one instance of the module with its tables in place. */
export class WasmTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly kind: TokenizerKind;
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly template: Tokenizer['template'];
  /** For snapshots. */
  readonly module: WebAssembly.Module;
  readonly wasm: TokenizerExports;
  readonly settings: TokenizerSettings;
  readonly #texts: TextToIds;
  readonly #releases: () => Release;
  readonly #decoderOfChunks: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(
    module: WebAssembly.Module,
    wasm: TokenizerExports,
    settings: TokenizerSettings,
    rareText: typeof RareText | undefined,
  ) {
    this.module = module;
    this.wasm = wasm;
    this.settings = settings;
    this.vocabSize = wasm.idLimit.value;
    this.kind = settings.kind;
    this.template = settings.template;
    this.specialTokens = new Map(
      settings.added.filter((token) => token.special).map((token) => [token.content, token.id]),
    );
    const rare = rareText && new rareText(wasm, settings);
    this.#releases = () => rare?.decodedPieces() ?? ((text) => text);
    this.#texts = new TextToIds(wasm, settings, rare);
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    return this.#collect(text, this.#texts.reading(options));
  }

  count(text: string, options?: EncodeOptions): number {
    return this.#texts.encode(text, this.#texts.reading(options));
  }

  isWithinLimit(text: string, limit: number, options?: EncodeOptions): boolean {
    checkArgument('limit', limit, tokenLimit);
    return this.#texts.encode(text, { ...this.#texts.reading(options), limit }) <= limit;
  }

  offsets(text: string, options?: EncodeOptions): Uint32Array {
    return this.#collect(text, { ...this.#texts.reading(options), withStarts: true });
  }

  encodeBatch(texts: readonly string[], options?: EncodeOptions): Uint32Array[] {
    checkArgument('texts', texts, arrayLike);
    const reading = this.#texts.reading(options);
    return Array.from(texts, (text) => this.#collect(text, reading));
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
    return this.#releases()(text, true);
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
    return createStreamDecoder((tokenId) => this.#bytesOf([tokenId]), this.#releases());
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
  #collect(text: string, reading: Reading): Uint32Array {
    let ids = new Uint32Array(32);
    let size = 0;
    this.#texts.encode(text, {
      ...reading,
      sink(part) {
        const end = size + part.length;
        if (end > ids.length) {
          const larger = new Uint32Array(Math.max(end, 2 * size));
          larger.set(ids);
          ids = larger;
        }
        ids.set(part, size);
        size = end;
      },
    });
    return ids.slice(0, size);
  }
}
