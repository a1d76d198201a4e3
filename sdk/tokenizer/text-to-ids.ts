import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { text as textKind } from '../options/kinds.ts';
import { encodeOptions } from '../options/table.ts';
import { between, tokenFinder } from './added-tokens.ts';
import { allowedTokens } from './allowed-tokens.ts';
import type { RareText } from './rare-text.ts';
import { TextFeeder } from './text-feeder.ts';
import type { IsSought, Reading, TextPart } from './text-part.ts';
import type { EncodeOptions } from './tokenizer.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';
import { noTemplate } from './tokenizer-parts.ts';
import type { TokenizerExports } from './wasm-exports.ts';

const noLimit = 0xffffffff;

/** Encodes texts: added tokens first, then what few tokenizers do to a text, then the module's splitting and merging. */
export class TextToIds {
  readonly #wasm: TokenizerExports;
  readonly #settings: TokenizerSettings;
  readonly #feeder: TextFeeder;
  readonly #parts: (text: string, reading: Reading) => Iterable<TextPart>;
  readonly #always: IsSought;

  constructor(wasm: TokenizerExports, settings: TokenizerSettings, rare: RareText | undefined) {
    this.#wasm = wasm;
    this.#settings = settings;
    this.#feeder = new TextFeeder(wasm);
    if (rare) this.#parts = (text, reading) => rare.parts(text, reading);
    else {
      const find = tokenFinder(settings.added);
      this.#parts = (text, { isSought }) =>
        between(text, find(text, isSought), (piece, at) => [{ piece, placeOf: (unit) => at + unit }]);
    }
    this.#always = allowedTokens(settings.added, false);
  }

  /** What options ask for. @throws GptletError INVALID_OPTION */
  reading(options: EncodeOptions | undefined): Reading {
    const { allowSpecial, addSpecial, continues }: EncodeOptions = options
      ? checkOptions(encodeOptions(), options)
      : {};
    const { added, template } = this.#settings;
    return {
      isSought: allowSpecial === undefined ? this.#always : allowedTokens(added, allowSpecial),
      template: addSpecial === false ? noTemplate : template,
      continues,
      withStarts: false,
      limit: Infinity,
      sink: () => {},
    };
  }

  /** Encodes a text; stops after more ids than the limit. Gives their number. */
  encode(text: string, reading: Reading): number {
    checkArgument('text', text, textKind);
    const wasm = this.#wasm;
    const { withStarts, limit, sink } = reading;
    let total = 0;
    for (const part of this.#parts(text, reading)) {
      if (total > limit) break;
      if (part.piece === undefined) {
        sink(Uint32Array.of(withStarts ? part.at : part.id));
        total++;
        continue;
      }
      total += this.#feeder.feed(part.piece, Math.min(limit - total, noLimit), withStarts, (count, at) => {
        const from = withStarts ? wasm.startsOut : wasm.outputAt;
        const view = new Uint32Array(wasm.memory.buffer, from.value, count);
        sink(withStarts ? view.map((unit) => part.placeOf(at + unit)) : view);
      });
    }
    return total;
  }
}
