import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/**
 * Keeps special tokens that stand in somebody's text from being special in the prompt: a message with `<|im_end|>` in it changes no
 * role. A mark that no text holds is put into them before the template is filled in; the prompt is cut there before it becomes ids.
 */
export class TextGuard {
  readonly #tokenizer: Tokenizer;
  readonly #mark: string;
  readonly #special: RegExp;

  /** @param texts all that the template will be given */
  constructor(tokenizer: Tokenizer, texts: string) {
    this.#tokenizer = tokenizer;
    // Noncharacters, of which text for interchange holds none; one of the 32 is free.
    const marks = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i));
    this.#mark = marks.find((mark) => !texts.includes(mark)) ?? marks[0];
    const escaped = [...tokenizer.specialTokens.keys()].map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
    // Where one begins, whatever it overlaps; of none, nowhere.
    this.#special = new RegExp(escaped.length > 0 ? `(?=${escaped.join('|')})` : '(?!)', 'gu');
  }

  /** Somebody's text, as the template gets it. */
  guard(text: string): string {
    let guarded = '';
    let from = 0;
    for (const { index } of text.matchAll(this.#special)) {
      const second = index + String.fromCodePoint(text.codePointAt(index) ?? 0).length;
      guarded += text.slice(from, second) + this.#mark;
      from = second;
    }
    return guarded + text.slice(from);
  }

  /** The text that a prompt with marks stands for. */
  unguard(prompt: string): string {
    return prompt.replaceAll(this.#mark, '');
  }

  /** The ids of a part of a prompt; @param continues whether another stands before it */
  encode(prompt: string, continues: boolean): Uint32Array {
    const ids = prompt
      .split(this.#mark)
      .flatMap((piece, i) => [
        ...this.#tokenizer.encode(piece, { allowSpecial: true, addSpecial: false, continues: continues || i > 0 }),
      ]);
    return Uint32Array.from(ids);
  }
}
