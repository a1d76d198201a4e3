/** A box that is written in, whichever kind it is. */
export interface TextField {
  readonly element: HTMLElement;
  readonly text: string;
  /** Nothing is selected, and nothing stands after the caret. */
  readonly isCaretAtEnd: boolean;
  /** Writes at the caret, as if it were typed. */
  insert(text: string): void;
}

export const textFieldOf = (element: HTMLElement): TextField =>
  element instanceof HTMLTextAreaElement ? new TextAreaField(element) : new EditableField(element);

class TextAreaField implements TextField {
  readonly element: HTMLTextAreaElement;

  constructor(element: HTMLTextAreaElement) {
    this.element = element;
  }

  get text(): string {
    return this.element.value;
  }

  get isCaretAtEnd(): boolean {
    const { selectionStart, selectionEnd, value } = this.element;
    return selectionStart === selectionEnd && selectionEnd === value.length;
  }

  insert(text: string): void {
    if (typed(text)) return;
    this.element.setRangeText(text, this.element.value.length, this.element.value.length, 'end');
    this.element.dispatchEvent(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertText' }));
  }
}

/** An element with `contenteditable`. */
class EditableField implements TextField {
  readonly element: HTMLElement;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  get text(): string {
    // biome-ignore lint/performance/useDomNodeTextContent: lines are elements here, and a prompt needs them as lines
    return this.element.innerText;
  }

  get isCaretAtEnd(): boolean {
    const selection = document.getSelection();
    if (!selection?.isCollapsed || !this.element.contains(selection.anchorNode)) return false;
    const rest = selection.getRangeAt(0).cloneRange();
    rest.setEnd(this.element, this.element.childNodes.length);
    return rest.toString() === '';
  }

  insert(text: string): void {
    typed(text);
  }
}

/** The one way to write that can be undone, as what one types can; editors hear of it as of typing. */
const typed = (text: string): boolean => document.execCommand('insertText', false, text);
