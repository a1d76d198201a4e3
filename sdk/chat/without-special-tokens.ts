import type { GenerationPart } from '../loaded-model/generation.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * The texts of an answer's parts without those of special tokens that the model drew: they say something to programs, such as where a
 * document or a picture would begin, and nothing to readers. A text that only reads like one stays.
 */
export class WithoutSpecialTokens {
  readonly #texts: ReadonlyMap<number, string>;
  /** Drawn so far: the text of one may come with a later part than its id, where it could have been the beginning of a stop text. */
  readonly #drawn: Set<string> = new Set();

  constructor({ specialTokens }: Pick<Tokenizer, 'specialTokens'>) {
    this.#texts = new Map([...specialTokens].map(([text, id]) => [id, text]));
  }

  textOf({ text, tokenIds }: GenerationPart): string {
    for (const id of tokenIds) {
      const special = this.#texts.get(id);
      if (special) this.#drawn.add(special);
    }
    let left = text;
    for (const special of this.#drawn) left = left.replaceAll(special, '');
    return left;
  }
}
