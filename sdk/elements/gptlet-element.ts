import type { ModelSource } from '../checkpoint/open-source.ts';
import type { LoadProgress } from '../loading/load-options.ts';
import { createElement } from './create-element.ts';
import { type ElementLoadOptions, ElementModel, type LoadElementModel } from './element-model.ts';
import { LoadLine } from './load-line.ts';
import { ProblemLine } from './problem-line.ts';
import type { Say, Texts } from './say.ts';
import { fittedStyle, sharedStyle } from './shared-style.ts';

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
  protected readonly loadLine: LoadLine = new LoadLine();
  protected readonly problemLine: ProblemLine = new ProblemLine(() => this.retry());
  readonly #announcer: HTMLElement = createElement('div', { role: 'status', class: 'unseen' });
  readonly #texts: Texts;
  readonly #model: ElementModel<Model>;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor({ style, texts, delegatesFocus, method, load }: ElementKind<Model>) {
    super();
    this.#texts = texts;
    this.#model = new ElementModel(this, method, load, (progress) => this.#onProgress(progress));
    this.internals = this.attachInternals();
    this.root = this.attachShadow({ mode: 'open', delegatesFocus });
    // Not a style element, which a page's policy may forbid.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(fittedStyle(sharedStyle + style));
    this.root.adoptedStyleSheets = [sheet];
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
      this.#model.release();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'model') this.#model.release();
    if (this.isConnected) this.update();
  }

  /** Also where it is a fieldset around the element that is disabled. */
  formDisabledCallback(): void {
    this.update();
  }

  /** Where a model is, or one that is there already, which stays the page's to dispose of. @default the attribute `model` */
  get model(): ModelSource | Model | undefined {
    return this.#model.source;
  }

  set model(model: ModelSource | Model | undefined) {
    this.stop();
    this.#model.source = model;
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

  /** Has a screen reader say it, once: who reads on through the page does not find it a second time. */
  protected announce(text: string): void {
    this.#announcer.textContent = text;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (this.#announcer.textContent = ''), heard);
  }

  /** The model, loaded where it has to be. @throws what loading throws; the signal's reason, though the load goes on */
  protected async ready(signal: AbortSignal): Promise<Model> {
    try {
      return await this.#model.ready(signal);
    } finally {
      if (!signal.aborted) this.loadLine.hide();
    }
  }

  protected letGo(): void {
    this.#model.release();
    this.loadLine.hide();
  }

  protected failed(error: unknown): void {
    this.#model.failed(error);
    this.loadLine.hide();
    this.emit('error', { error });
  }

  /** Dispatches the event `gptlet-` and its name. */
  protected emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`gptlet-${name}`, { detail, bubbles: true, composed: true }));
  }

  #onProgress(progress: LoadProgress): void {
    if (progress.stage === 'ready') this.loadLine.hide();
    else {
      if (this.loadLine.element.hidden) this.announce(this.say('start'));
      this.loadLine.show(progress, this.say);
    }
    this.emit('progress', progress);
  }
}
