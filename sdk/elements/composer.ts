import { createElement, icon, label } from './create-element.ts';
import { isComposing } from './is-composing.ts';
import type { Say } from './say.ts';

/** The box for the next message, and the button that sends it or, while an answer comes, stops that. */
export class Composer {
  readonly input: HTMLTextAreaElement = createElement('textarea', { part: 'input', rows: '1', enterkeyhint: 'send' });
  readonly #button: HTMLButtonElement = createElement('button', { part: 'send' });
  readonly #icons = {
    send: createElement('slot', { name: 'icon-send' }, icon('M10 16V4.5M5 9.5l5-5 5 5')),
    stop: createElement('slot', { name: 'icon-stop' }, icon('M6.5 6.5h7v7h-7z')),
  };
  readonly element: HTMLFormElement = createElement('form', { part: 'composer' }, this.input, this.#button);
  readonly #onSend: (text: string) => void;
  #isRunning = false;

  constructor(onSend: (text: string) => void, onStop: () => void) {
    this.#onSend = onSend;
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#button.addEventListener('click', () => this.#isRunning && onStop());
    this.input.addEventListener('input', () => this.#onInput());
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
      event.preventDefault();
      this.#send();
    });
  }

  update(isRunning: boolean, isDisabled: boolean, name: string, placeholder: string, say: Say): void {
    this.#isRunning = isRunning;
    const doing = isRunning ? 'stop' : 'send';
    if (this.#icons[doing].parentNode !== this.#button) this.#button.replaceChildren(this.#icons[doing]);
    this.#button.type = isRunning ? 'button' : 'submit';
    label(this.#button, say(doing));
    this.#button.disabled = this.input.disabled = isDisabled;
    this.input.placeholder = placeholder;
    this.input.setAttribute('aria-label', name);
    this.#onInput();
  }

  /** Where the focus goes from a button that is not shown while an answer comes. */
  focusButton(): void {
    this.#button.focus();
  }

  /** While an answer comes, what is typed waits. */
  #send(): void {
    const text = this.input.value.trim();
    if (this.#isRunning || !text) return;
    this.input.value = '';
    this.#onSend(text);
  }

  #onInput(): void {
    const isIdle = !this.#isRunning && !this.input.value.trim();
    // Not disabled: that would throw the focus off a button on which one has just pressed "Stop".
    this.#button.setAttribute('aria-disabled', String(isIdle));
    this.input.style.blockSize = 'auto';
    // A box that is not shown has no height.
    const { scrollHeight, offsetHeight, clientHeight } = this.input;
    if (scrollHeight > 0) this.input.style.blockSize = `${scrollHeight + offsetHeight - clientHeight}px`;
  }
}
