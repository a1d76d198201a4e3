import type { ClassifierTasks, LabelScore } from '../loaded-model/classifier-tasks.ts';
import { classifyStyle } from './classify-style.ts';
import { createElement } from './create-element.ts';
import { FieldElement } from './field-element.ts';
import { classifyTexts, textAttributes } from './say.ts';
import type { ScoreList } from './score-list.ts';

/** What labels texts: a classifier, or a loaded model with a fine-tuned head. */
export type ClassifyingModel = Pick<ClassifierTasks, 'classify'>;

/** Milliseconds without a new text after which a screen reader is told. */
const quiet = 800;

/**
 * `<gptlet-classify name="mood">`: labels a text while it is written. A form gets the likeliest label. Without a model it is the
 * embedded one, of moods. docs/elements.md lists attributes, events, parts and custom properties.
 */
export class GptletClassify extends FieldElement<ClassifyingModel> {
  static readonly observedAttributes: readonly string[] = [
    ...['model', 'label', 'placeholder', 'rows', 'value', 'top', 'required', 'disabled'],
    ...textAttributes(classifyTexts),
  ];

  readonly #place: HTMLUListElement = createElement('ul', { part: 'scores', hidden: '' });
  /** There since the first scores. */
  #list: ScoreList | undefined;
  #scores: readonly LabelScore[] = [];
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super({
      style: classifyStyle,
      texts: classifyTexts,
      method: 'classify',
      load: async (source, options) => (await import('../api/load-classifier.ts')).loadClassifier(source, options),
    });
    this.root.append(this.slotted, this.loadLine, this.problemLine.element, this.#place);
  }

  /** The likeliest label; '' before there is one. */
  get value(): string {
    return this.#scores[0]?.label ?? '';
  }

  /** Labels of the text as it is now, best first; empty while it is read. */
  get scores(): readonly LabelScore[] {
    return this.#scores;
  }

  override stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    clearTimeout(this.#timer);
  }

  protected override retry(): void {
    this.field.element.focus();
    this.onOtherText();
  }

  protected override onOtherModel(): void {
    if (this.isConnected) this.onOtherText();
  }

  protected override onOtherText(): void {
    this.problemLine.show(undefined, this.say);
    this.#setScores([]);
    this.#classify();
  }

  protected override update(): void {
    super.update();
    this.#show();
  }

  protected override listen(box: HTMLElement, signal: AbortSignal): void {
    box.addEventListener('input', () => this.onOtherText(), { signal });
    this.onOtherText();
  }

  async #classify(): Promise<void> {
    this.stop();
    const text = this.text.trim();
    if (!text || this.isDisabled) return this.#show();
    const { signal } = (this.#asking = new AbortController());
    try {
      const [model, { ScoreList }] = await Promise.all([this.ready(signal), import('./score-list.ts')]);
      // A model reads one text after the other: what was typed meanwhile makes this one old.
      const scores = await model.classify(text, { signal });
      if (signal.aborted) return;
      this.#list ??= new ScoreList(this.#place);
      this.#setScores(scores);
      this.#show();
      this.emit('scores', { scores });
      this.#timer = setTimeout(() => this.#tell(), quiet);
    } catch (error) {
      if (signal.aborted) return;
      this.failed(error);
      this.problemLine.show(error, this.say);
    }
  }

  /** Old scores stay on the page until there are new ones: they would flicker otherwise. */
  #show(): void {
    const top = Number(this.getAttribute('top') ?? this.#scores.length);
    if (this.#scores.length > 0 || !this.text.trim()) this.#list?.show(this.#scores.slice(0, top), this.say);
  }

  #tell(): void {
    const label = this.value;
    if (label) this.announce(this.say('verdict', { label, score: this.#list?.written(label) ?? '' }));
  }

  #setScores(scores: readonly LabelScore[]): void {
    this.#scores = scores;
    this.#toForm();
  }

  #toForm(): void {
    this.internals.setFormValue(this.value || null);
    const isMissing = this.hasAttribute('required') && !this.value;
    const why = isMissing ? this.say('unread') : '';
    this.internals.setValidity({ valueMissing: isMissing }, why, this.field.element);
  }
}
