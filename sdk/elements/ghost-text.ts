import { createElement } from './create-element.ts';
import type { TextField } from './text-field.ts';

/** What decides where the letters of a box stand. */
const copied = [
  ...['font-family', 'font-size', 'font-style', 'font-weight', 'font-stretch', 'font-variant', 'line-height'],
  ...['letter-spacing', 'word-spacing', 'text-align', 'text-transform', 'tab-size', 'direction', 'unicode-bidi'],
  ...['padding-top', 'padding-right', 'padding-bottom', 'padding-left'],
];

/**
 * A suggestion behind what is written, drawn over the box: over a textarea after an unseen copy of its text, in an editable element from
 * the caret on.
 */
export class GhostText {
  readonly #before: HTMLElement = createElement('span', { class: 'written' });
  readonly #ghost: HTMLElement = createElement('span', { part: 'ghost' });
  readonly element: HTMLElement;

  constructor(layer: HTMLElement) {
    this.element = layer;
    layer.append(this.#before, this.#ghost);
  }

  show(field: TextField, suggestion: string): void {
    this.element.hidden = suggestion === '';
    if (suggestion === '') return;
    this.#ghost.textContent = suggestion;
    const box = field.element;
    const style = getComputedStyle(box);
    const over = this.element.style;
    for (const name of copied) over.setProperty(name, style.getPropertyValue(name));
    const around = (this.element.offsetParent ?? box).getBoundingClientRect();
    const { left, top } = box.getBoundingClientRect();
    over.left = `${left - around.left + box.clientLeft}px`;
    over.top = `${top - around.top + box.clientTop}px`;
    over.width = `${box.clientWidth}px`;
    over.height = `${box.clientHeight}px`;
    if (box instanceof HTMLTextAreaElement) this.#before.textContent = field.text;
    else this.#startAtCaret(box, style);
    this.element.scrollTop = box.scrollTop;
  }

  /** The first line begins where the caret is; the others where the box's lines do. */
  #startAtCaret(box: HTMLElement, style: CSSStyleDeclaration): void {
    const caret = caretRect(box);
    const { left, right, top } = box.getBoundingClientRect();
    const isLeft = style.direction === 'ltr';
    const indent = isLeft
      ? caret.left - left - box.clientLeft - Number.parseFloat(style.paddingLeft)
      : right - caret.right - box.clientLeft - Number.parseFloat(style.paddingRight);
    this.#before.textContent = '';
    this.element.style.textIndent = `${indent}px`;
    this.element.style.paddingTop = `${caret.top - top - box.clientTop + box.scrollTop - halfLeading(style, caret)}px`;
  }
}

/** The end of the last text in a box; of the box itself while it is empty. */
function caretRect(box: HTMLElement): DOMRect {
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let last: Node | undefined;
  while (texts.nextNode()) last = texts.currentNode;
  const range = document.createRange();
  range.selectNodeContents(last ?? box);
  range.collapse(false);
  return range.getClientRects()[0] ?? box.getBoundingClientRect();
}

/** A caret is as tall as its letters; its line is taller. */
function halfLeading({ lineHeight }: CSSStyleDeclaration, caret: DOMRect): number {
  const height = Number.parseFloat(lineHeight);
  return Number.isNaN(height) ? 0 : (height - caret.height) / 2;
}
