import { createElement } from './create-element.ts';
import { type ElementKind, GptletElement } from './gptlet-element.ts';
import { type TextField, textFieldOf } from './text-field.ts';

/** An element around a box to write in: its own, or the `<textarea>` or editable element that a page put inside it. */
export abstract class FieldElement<Model extends object> extends GptletElement<Model> {
  protected readonly own: HTMLTextAreaElement = createElement('textarea', { part: 'input' });
  protected readonly slotted: HTMLSlotElement = createElement('slot', {}, this.own);
  protected field: TextField = textFieldOf(this.own);
  #listening: AbortController = new AbortController();

  constructor(kind: Omit<ElementKind<Model>, 'delegatesFocus'>) {
    super({ ...kind, delegatesFocus: true });
    this.slotted.addEventListener('slotchange', () => this.#listen());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  /** The text in the box. */
  get text(): string {
    return this.field.text;
  }

  /** Whether the box is the element's own. One of the page's has a name and conditions of its own. */
  protected get isOwn(): boolean {
    return this.field.element === this.own;
  }

  /** Listens to the box, until the signal says that it is another one's turn. */
  protected abstract listen(box: HTMLElement, signal: AbortSignal): void;

  formResetCallback(): void {
    this.own.value = this.own.defaultValue;
    // A box of the page is reset after the element around it.
    queueMicrotask(() => this.onOtherText());
  }

  /** The box holds another text, which nobody has typed. */
  protected abstract onOtherText(): void;

  protected override update(): void {
    this.own.defaultValue = this.getAttribute('value') ?? '';
    const rows = Number(this.getAttribute('rows'));
    this.own.rows = rows > 0 ? rows : 3;
    this.own.placeholder = this.getAttribute('placeholder') ?? '';
    this.own.required = this.hasAttribute('required');
    this.own.disabled = this.isDisabled;
    this.own.setAttribute('aria-label', this.label);
  }

  #listen(): void {
    this.field = textFieldOf((this.slotted.assignedElements()[0] ?? this.own) as HTMLElement);
    this.#listening.abort();
    this.#listening = new AbortController();
    this.listen(this.field.element, this.#listening.signal);
  }
}
