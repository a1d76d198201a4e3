import type { LabelScore } from '../loaded-model/classifier-tasks.ts';
import { createElement } from './create-element.ts';
import { languageOf, percentText } from './language.ts';
import type { Say } from './say.ts';

/**
 * Labels and their shares as meters, in the order in which they first came: a list that is sorted anew with every word jumps. A
 * model's single value has no bounds, so it is a number without a meter.
 */
export class ScoreList {
  readonly element: HTMLUListElement;
  readonly #items = new Map<string, ScoreItem>();

  constructor(list: HTMLUListElement) {
    this.element = list;
  }

  /** @param scores best first */
  show(scores: readonly LabelScore[], say: Say): void {
    const language = languageOf(this.element);
    const labels = new Set(scores.map(({ label }) => label));
    for (const [label, { element }] of this.#items) {
      if (labels.has(label)) continue;
      element.remove();
      this.#items.delete(label);
    }
    for (const [rank, { label, score }] of scores.entries()) {
      const item = this.#items.get(label) ?? new ScoreItem(label, scores.length > 1);
      if (!this.#items.has(label)) this.element.append(item.element);
      this.#items.set(label, item);
      item.show(score, rank === 0, language);
    }
    this.element.setAttribute('aria-label', say('scores'));
    this.element.hidden = scores.length === 0;
  }

  /** A label's score, as it is written. */
  written(label: string): string {
    return this.#items.get(label)?.written ?? '';
  }
}

class ScoreItem {
  readonly element: HTMLLIElement = createElement('li');
  readonly #value: HTMLElement = createElement('span', { part: 'score-value' });
  readonly #bar: HTMLElement = createElement('div', { part: 'bar' });
  readonly #meter: HTMLElement | undefined;

  constructor(label: string, isShare: boolean) {
    // The meter says both, where there is one.
    const hidden = isShare ? 'true' : undefined;
    this.element.append(createElement('span', { part: 'score-label', 'aria-hidden': hidden }, label), this.#value);
    if (!isShare) return;
    this.#value.setAttribute('aria-hidden', 'true');
    const range = { 'aria-valuemin': '0', 'aria-valuemax': '1' };
    this.#meter = createElement('div', { part: 'meter', role: 'meter', 'aria-label': label, ...range }, this.#bar);
    this.element.append(this.#meter);
  }

  get written(): string {
    return this.#value.textContent ?? '';
  }

  show(score: number, isBest: boolean, language: string | undefined): void {
    this.element.setAttribute('part', isBest ? 'score best' : 'score');
    this.#value.textContent = this.#meter ? percentText(score, language) : score.toLocaleString(language);
    this.#meter?.setAttribute('aria-valuenow', score.toFixed(3));
    this.#meter?.setAttribute('aria-valuetext', this.written);
    this.#bar.style.inlineSize = `${score * 100}%`;
  }
}
