import type { LoadProgress } from '../loading/load-options.ts';
import { createElement } from './create-element.ts';
import { byteText, languageOf } from './language.ts';
import type { Say } from './say.ts';

/** How far a load is, while there is one. */
export class LoadLine {
  readonly #line: HTMLElement;
  readonly #text: HTMLElement = createElement('span', { part: 'progress-text' });
  readonly #bar: HTMLProgressElement = createElement('progress', { part: 'progress-bar', max: '1' });

  constructor(line: HTMLElement) {
    this.#line = line;
    line.replaceChildren(this.#text, this.#bar);
  }

  show({ fraction, loadedBytes, totalBytes }: LoadProgress, say: Say): void {
    const language = languageOf(this.#line);
    const [loaded, total] = [loadedBytes, totalBytes].map((bytes) => byteText(bytes, language));
    this.#text.textContent = totalBytes > 0 ? say('loading', { loaded, total }) : say('start');
    this.#bar.value = fraction;
    this.#bar.setAttribute('aria-label', say('start'));
    this.#line.hidden = false;
  }

  hide(): void {
    this.#line.hidden = true;
  }
}
