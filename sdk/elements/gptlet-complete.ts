import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { completeStyle } from './complete-style.ts';
import { createElement } from './create-element.ts';
import { FieldElement } from './field-element.ts';
import { isComposing } from './is-composing.ts';
import { completeTexts, textAttributes } from './say.ts';
import type { CompletingModel, Suggester } from './suggester.ts';
import type { GhostText } from './suggesting.ts';

/** Milliseconds without a key after which there is a suggestion. */
const usualDelay = 300;

/**
 * `<gptlet-complete>`: says how a text could go on while it is written; Tab accepts, Escape dismisses. Without a model it is the
 * embedded one. docs/elements.md lists attributes, events, parts and custom properties.
 */
export class GptletComplete extends FieldElement<CompletingModel> {
  static readonly observedAttributes: readonly string[] = [
    ...['model', 'label', 'placeholder', 'rows', 'value', 'required', 'disabled'],
    ...textAttributes(completeTexts),
  ];

  /** Of every suggestion: maxNewTokens (12), temperature (0), stop (the line's end) … */
  options: GenerateOptions | undefined;

  readonly #accept: HTMLButtonElement = createElement('button', {
    ...{ part: 'accept', type: 'button', hidden: '' },
    // By keyboard it is Tab that accepts, and nobody gets here.
    tabindex: '-1',
  });
  readonly #layer: HTMLElement = createElement('div', { class: 'over', 'aria-hidden': 'true' });
  /** There since the first pause. */
  #suggester: Suggester | undefined;
  #ghost: GhostText | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super({ style: completeStyle, texts: completeTexts, method: 'generate', load });
    this.root.append(
      createElement('div', { class: 'field' }, this.slotted, this.#layer),
      createElement('div', { part: 'line' }, this.loadLine, this.problemLine.element, this.#accept),
    );
    this.#accept.addEventListener('click', () => this.accept());
    // The box keeps the focus, and with it the suggestion.
    this.#accept.addEventListener('mousedown', (event) => event.preventDefault());
  }

  formStateRestoreCallback(state: unknown): void {
    if (typeof state === 'string') this.value = state;
  }

  /** The text of the element's own box. */
  get value(): string {
    return this.own.value;
  }

  set value(value: string) {
    this.own.value = value;
    this.onOtherText();
  }

  /** What is suggested now; '' where nothing is. */
  get suggestion(): string {
    return (this.field.isCaretAtEnd && this.#suggester?.suggestionFor(this.text)) || '';
  }

  /** Writes what is suggested. */
  accept(): void {
    const { suggestion } = this;
    if (!suggestion) return;
    this.field.element.focus();
    // The box tells of its input, upon which the next is asked for.
    this.field.insert(suggestion);
    this.emit('accept', { text: suggestion });
  }

  /** Takes back what is suggested, or is going to be. */
  override stop(): void {
    clearTimeout(this.#timer);
    this.#suggester?.cancel();
    this.#show();
  }

  protected override retry(): void {
    this.field.element.focus();
    this.#ask();
  }

  protected override onOtherText(): void {
    this.stop();
    this.#toForm();
  }

  protected override update(): void {
    super.update();
    this.#accept.replaceChildren(createElement('kbd', {}, 'Tab'), this.say('accept'));
    this.#toForm();
  }

  protected override listen(box: HTMLElement, signal: AbortSignal): void {
    box.addEventListener('input', (event) => this.#onInput(event as InputEvent), { signal });
    box.addEventListener('compositionend', () => this.#askSoon(), { signal });
    box.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    box.addEventListener('scroll', () => this.#show(), { signal });
    box.addEventListener('blur', () => this.stop(), { signal });
    document.addEventListener('selectionchange', () => this.#show(), { signal });
    const resizes = new ResizeObserver(() => this.#show());
    resizes.observe(box);
    signal.addEventListener('abort', () => resizes.disconnect());
    this.#toForm();
  }

  #onInput({ isComposing }: InputEvent): void {
    this.#toForm();
    if (this.suggestion) this.#show();
    else {
      this.stop();
      if (!isComposing) this.#askSoon();
    }
  }

  #onKey(event: KeyboardEvent): void {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!this.suggestion || !isPlain || isComposing(event)) return;
    if (event.key === 'Tab') this.accept();
    else if (event.key === 'Escape') this.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    const delay = Number(this.getAttribute('delay') ?? usualDelay);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask(): Promise<void> {
    this.problemLine.show(undefined, this.say);
    const { text } = this;
    const { Suggester, GhostText } = await import('./suggesting.ts');
    this.#ghost ??= new GhostText(this.#layer);
    this.#suggester ??= new Suggester({
      ready: (signal) => this.ready(signal),
      options: () => this.options,
      onSuggestion: (isWhole) => this.#onSuggestion(isWhole),
      onError: (error) => {
        this.failed(error);
        this.problemLine.show(error, this.say);
      },
    });
    if (this.text === text && this.field.isCaretAtEnd) this.#suggester.ask(text);
  }

  #onSuggestion(isWhole: boolean): void {
    const { suggestion } = this;
    this.#show();
    if (!isWhole || !suggestion) return;
    this.announce(this.say('suggestion', { text: suggestion }));
    this.emit('suggestion', { text: suggestion });
  }

  #show(): void {
    const { suggestion } = this;
    this.#ghost?.show(this.field, suggestion);
    this.#accept.hidden = !suggestion;
  }

  #toForm(): void {
    this.internals.setFormValue(this.isOwn ? this.value : null);
    this.internals.setValidity(this.isOwn ? this.own.validity : {}, this.own.validationMessage, this.field.element);
  }
}

/** The embedded model is shared with all that call `generate`, which loads it with the first call and keeps it. */
async function load(
  source: ModelSource | undefined,
  options: LoadOptions,
): Promise<CompletingModel & { dispose(): Promise<void> }> {
  if (source !== undefined) return (await import('../api/load-model.ts')).loadModel(source, options);
  const { generate } = await import('../api/generate.ts');
  const { signal: _, ...own } = options;
  return { generate: (prompt, given) => generate(prompt, { ...own, ...given }), dispose: async () => {} };
}
