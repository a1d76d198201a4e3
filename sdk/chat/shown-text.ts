/** Text on its way to whoever listens, without white space at its beginning; that at its end waits for what follows. */
export class ShownText {
  text = '';
  #held = '';
  readonly #trims: boolean;
  readonly #show: (text: string) => void;

  /** @param trims false shows all as it comes */
  constructor(show: (text: string) => void, trims = true) {
    this.#show = show;
    this.#trims = trims;
  }

  push(piece: string): void {
    const all = this.#trims && this.text === '' ? (this.#held + piece).trimStart() : this.#held + piece;
    const shown = this.#trims ? all.trimEnd() : all;
    this.#held = all.slice(shown.length);
    this.#emit(shown);
  }

  /** Shows what waited: the text ends here. */
  end(): void {
    this.#emit(this.#held);
    this.#held = '';
  }

  #emit(text: string): void {
    if (!text) return;
    this.text += text;
    this.#show(text);
  }
}
