import { fittedStyle, sharedStyle } from './shared-style.ts';

/** What an element says, by name; the attribute `text-` and its name replaces a text. `{…}` stands for a value. */
export type Texts = Readonly<Record<string, string>>;

/** A text of an element, with its values filled in. */
export type Say = (name: string, values?: Readonly<Record<string, string>>) => string;

export const textAttributes = (texts: Texts): string[] => Object.keys(texts).map((name) => `text-${name}`);

/** On a server there is no HTMLElement, and nothing is made of these classes: they only have to be declared. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** What the three elements have in common: a shadow root with its style, texts that a page can replace, a place in forms, events. */
export abstract class GptletElement extends Base {
  static readonly formAssociated: boolean = true;

  protected readonly internals: ElementInternals;
  protected readonly root: ShadowRoot;
  readonly #texts: Texts;

  constructor(style: string, texts: Texts, { delegatesFocus }: { delegatesFocus: boolean }) {
    super();
    this.#texts = texts;
    this.internals = this.attachInternals();
    this.root = this.attachShadow({ mode: 'open', delegatesFocus });
    // Not a style element, which a page's policy may forbid.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(fittedStyle(sharedStyle + style));
    this.root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    // What a page set before the class was defined hides the class's accessors.
    for (const name of Object.keys(this) as (keyof this)[]) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.update();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) this.update();
  }

  /** Also where it is a fieldset around the element that is disabled. */
  formDisabledCallback(): void {
    this.update();
  }

  get name(): string {
    return this.getAttribute('name') ?? '';
  }

  set name(name: string) {
    this.setAttribute('name', name);
  }

  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  /** Brings what is shown up to date with attributes and state. */
  protected abstract update(): void;

  protected get isDisabled(): boolean {
    return this.matches(':disabled');
  }

  /** Names the box to write in: the attribute `label`, a `<label>` in the page, or the element's own text. */
  protected get label(): string {
    return this.getAttribute('label') ?? this.internals.labels[0]?.textContent?.trim() ?? this.say('label');
  }

  protected readonly say: Say = (name, values = {}) =>
    (this.getAttribute(`text-${name}`) ?? this.#texts[name]).replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

  /** Dispatches the event `gptlet-` and its name. @returns whether nobody called its preventDefault */
  protected emit(name: string, detail: unknown): boolean {
    const how = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(`gptlet-${name}`, how));
  }
}
