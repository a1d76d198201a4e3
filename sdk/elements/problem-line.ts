import { createElement } from './create-element.ts';
import type { Say } from './say.ts';

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

  /** @param problem an error; a text where nothing is wrong, as after a stop; undefined where there is nothing to tell */
  show(problem: unknown, say: Say): void {
    const isError = typeof problem !== 'string';
    const message = problem instanceof Error ? problem.message : String(problem ?? '');
    this.#line.setAttribute('part', isError ? 'problem' : 'problem notice');
    this.#line.hidden = problem === undefined;
    this.#text.textContent = isError && message ? say('error', { message }) : message;
    this.#retry.textContent = say('retry');
  }
}
