import { createElement } from './create-element.ts';
import type { Say } from './gptlet-element.ts';

export const problemTexts = { error: '{message}', retry: 'Try again' } as const;

/** What went wrong, told at once, with a way to try again. */
export class ProblemLine {
  readonly #text: HTMLElement = createElement('span');
  readonly #retry: HTMLButtonElement = createElement('button', { part: 'retry', type: 'button' });
  readonly #line: HTMLElement = createElement('div', { part: 'problem', hidden: '' }, this.#text, this.#retry);
  /** Of the role from the beginning: a region that appears with its text in it is not always read out. */
  readonly element: HTMLElement = createElement('div', { role: 'alert' }, this.#line);

  constructor(onRetry: () => void) {
    this.#retry.addEventListener('click', onRetry);
  }

  show(error: unknown, say: Say): void {
    this.#line.hidden = error === undefined;
    this.#text.textContent =
      error === undefined ? '' : say('error', { message: error instanceof Error ? error.message : String(error) });
    this.#retry.textContent = say('retry');
  }
}
