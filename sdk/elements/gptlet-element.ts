import type { ModelSource } from '../checkpoint/open-source.ts';
import { createElement } from './create-element.ts';
import type { ElementLoadOptions, ElementModel, LoadElementModel } from './element-model.ts';
import { ProblemLine } from './problem-line.ts';
import type { Say, Texts } from './say.ts';
import { addStyle, sharedStyle } from './shared-style.ts';

/** What sets one of the elements apart from the others. */
export interface ElementKind<Model extends object> {
  readonly style: string;
  readonly texts: Texts;
  /** Whether the element's own box has the focus when the element has. */
  readonly delegatesFocus: boolean;
  /** By which a model is told from a record of files. */
  readonly method: keyof Model & string;
  readonly load: LoadElementModel<Model>;
}

/** Milliseconds after which every screen reader has taken up what it is to say. */
const heard = 5000;

/** On a server there is no HTMLElement, and nothing is made of these classes: they only have to be declared. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** What the elements have in common: a shadow root, texts that a page can replace, a place in forms, a model, events. */
export abstract class GptletElement<Model extends object> extends Base {
  static readonly formAssociated: boolean = true;

  /** For the model, beside the attributes `backend` and `dtype`. */
  loadOptions: ElementLoadOptions | undefined;

  protected readonly internals: ElementInternals;
  protected readonly root: ShadowRoot;
  protected readonly loadLine: HTMLElement = createElement('div', { part: 'progress', hidden: '' });
  protected readonly problemLine: ProblemLine = new ProblemLine(() => this.retry());
  readonly #announcer: HTMLElement = createElement('div', { role: 'status', class: 'unseen' });
  readonly #kind: ElementKind<Model>;
  #given: ModelSource | Model | undefined;
  #loaded: ElementModel<Model> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(kind: ElementKind<Model>) {
    super();
    const { style, delegatesFocus } = kind;
    this.#kind = kind;
    this.internals = this.attachInternals();
    this.root = this.attachShadow({ mode: 'open', delegatesFocus });
    addStyle(this.root, sharedStyle + style);
    this.root.append(this.#announcer);
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

  /** Moving the element in the page takes it out for a moment: what it has loaded stays then. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.stop();
      this.letGo();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'model') this.#changeModel();
    if (this.isConnected) this.update();
  }

  /** Also where it is a fieldset around the element that is disabled. */
  formDisabledCallback(): void {
    this.update();
  }

  /** Where a model is, or one that is there already, which stays the page's to dispose of. @default the attribute `model` */
  get model(): ModelSource | Model | undefined {
    return this.#given ?? this.getAttribute('model') ?? undefined;
  }

  set model(model: ModelSource | Model | undefined) {
    this.#given = model;
    this.#changeModel();
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

  /** Ends what the model does for the element. */
  abstract stop(): void;

  /** Does again what went wrong. */
  protected abstract retry(): void;

  /** There is another model, for what is asked from now on. */
  protected onOtherModel(): void {}

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
    (this.getAttribute(`text-${name}`) ?? this.#kind.texts[name]).replace(
      /\{(\w+)\}/g,
      (all, key) => values[key] ?? all,
    );

  /** Has a screen reader say it, once: who reads on through the page does not find it a second time. */
  protected announce(text: string): void {
    this.#announcer.textContent = text;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (this.#announcer.textContent = ''), heard);
  }

  /** The model, loaded where it has to be. @throws what loading throws; the signal's reason, though the load goes on then */
  protected async ready(signal: AbortSignal): Promise<Model> {
    const { model } = this;
    if (typeof model === 'object' && this.#kind.method in model) return model as Model;
    const { ElementModel } = await import('./element-model.ts');
    if (signal.aborted) throw signal.reason;
    if (this.#loaded?.isOver) this.letGo();
    this.#loaded ??= new ElementModel<Model>({
      ...this.#kind,
      source: model as ModelSource | undefined,
      element: this,
      line: this.loadLine,
      say: this.say,
      announce: (text) => this.announce(text),
      onProgress: (progress) => this.emit('progress', progress),
    });
    return this.#loaded.ready(signal);
  }

  protected letGo(): void {
    this.#loaded?.release();
    this.#loaded = undefined;
  }

  protected failed(error: unknown): void {
    this.#loaded?.failed(error);
    this.emit('error', { error });
  }

  #changeModel(): void {
    this.stop();
    this.letGo();
    this.onOtherModel();
  }

  /** Dispatches the event `gptlet-` and its name. */
  protected emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`gptlet-${name}`, { detail, bubbles: true, composed: true }));
  }
}
