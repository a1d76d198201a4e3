/** Keeps the first half of a character back until the second has come: some servers cut texts between the two. */
export class WholeCharacters {
  #half = '';

  /** What can be shown of a text that goes on. */
  push(text: string): string {
    const all = this.#half + text;
    const isCut = /[\ud800-\udbff]$/.test(all);
    this.#half = isCut ? all.slice(-1) : '';
    return isCut ? all.slice(0, -1) : all;
  }

  /** What is left at the end: a replacement for half a character. */
  flush(): string {
    const rest = this.#half && '\ufffd';
    this.#half = '';
    return rest;
  }
}
