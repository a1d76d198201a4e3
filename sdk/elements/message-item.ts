import type { AssistantMessage, Message, ToolCall, UserMessage } from '../loaded-model/message.ts';
import { createElement, icon, label } from './create-element.ts';
import { textOf } from './message-text.ts';
import type { Say } from './say.ts';

/**
 * Makes of an answer's Markdown what is shown of it: nodes, or HTML as a text. What comes out goes into the page as it is: whoever
 * gives such a function sanitises, since what a model writes is as untrusted as what a stranger writes.
 */
export type RenderMarkdown = (markdown: string) => Node | string;

const drawings = {
  copy: 'M7.5 7.5v-3h8v8h-3M4.5 7.5h8v8h-8z',
  done: 'M4.5 10.5l3.5 3.5 7.5-8',
  again: 'M15.5 7A6.2 6.2 0 1 0 16 11.5M15.8 3.5V7.2h-3.7',
};

/** What a message needs to know beside itself. */
export interface ItemSurroundings {
  readonly say: Say;
  readonly renderMarkdown: RenderMarkdown | undefined;
  /** What tools gave, by the ids of their calls. */
  readonly results: ReadonlyMap<string, string>;
  /** Still being written. */
  readonly isOpen: boolean;
  readonly isLast: boolean;
  readonly isDisabled: boolean;
  readonly onCopy: (text: string) => Promise<void>;
  readonly onAgain: () => void;
}

/** One message of the visitor or of the model as an item of the list. It changes in place, so that what one selected stays so. */
export class MessageItem {
  readonly role: Message['role'];
  readonly element: HTMLLIElement;
  readonly #who: HTMLElement = createElement('span', { class: 'unseen' });
  readonly #thinking: HTMLElement = createElement('summary');
  readonly #thought: Text = new Text();
  readonly #reasoning: HTMLDetailsElement = createElement(
    'details',
    { part: 'reasoning' },
    this.#thinking,
    createElement('div', { dir: 'auto' }, this.#thought),
  );
  readonly #calls: HTMLElement = createElement('div', { class: 'calls' });
  readonly #plain: Text = new Text();
  readonly #body: HTMLElement = createElement('div', { part: 'text', dir: 'auto' }, this.#plain);
  readonly #copy: HTMLButtonElement = createElement('button', { part: 'copy', type: 'button' }, icon(drawings.copy));
  readonly #again: HTMLButtonElement = createElement(
    'button',
    { part: 'regenerate', type: 'button' },
    icon(drawings.again),
  );
  readonly #actions: HTMLElement = createElement('div', { part: 'actions' }, this.#copy, this.#again);
  #text = '';
  #rendered = '';
  #around!: ItemSurroundings;

  constructor(role: Message['role']) {
    this.role = role;
    const isAnswer = role === 'assistant';
    this.element = createElement('li', { part: `message ${role}` }, this.#who);
    if (isAnswer) this.element.append(this.#reasoning, this.#body, this.#calls, this.#actions);
    else this.element.append(this.#body);
    this.#again.addEventListener('click', () => this.#around.onAgain());
    this.#copy.addEventListener('click', () => this.#onCopy());
  }

  update(message: UserMessage | AssistantMessage, around: ItemSurroundings): void {
    const { say, isOpen, isLast, isDisabled, renderMarkdown } = around;
    this.#around = around;
    this.#text = textOf(message);
    this.#who.textContent = say(message.role);
    if (message.role === 'assistant' && renderMarkdown) this.#showMarkdown(renderMarkdown);
    else this.#showPlain();
    this.#body.hidden = this.#text === '';
    this.element.toggleAttribute('data-open', isOpen);
    if (message.role !== 'assistant') return;
    this.#reasoning.hidden = !message.reasoning;
    grow(this.#thought, message.reasoning ?? '');
    this.#thinking.textContent = say('thinking');
    for (const call of message.toolCalls ?? []) this.#showCall(call, around.results.get(call.id));
    label(this.#copy, say('copy'));
    label(this.#again, say('regenerate'));
    this.#copy.hidden = !navigator.clipboard || this.#text === '';
    this.#again.hidden = !isLast || isDisabled;
    this.#actions.hidden = isOpen || (this.#copy.hidden && this.#again.hidden);
  }

  #showPlain(): void {
    if (!this.#plain.parentNode) this.#body.replaceChildren(this.#plain);
    this.#body.part.remove('markdown');
    grow(this.#plain, this.#text);
  }

  #showMarkdown(render: RenderMarkdown): void {
    if (this.#rendered === this.#text) return;
    this.#rendered = this.#text;
    const shown = render(this.#text);
    if (shown instanceof Node) this.#body.replaceChildren(shown);
    else this.#body.innerHTML = shown;
    this.#body.part.add('markdown');
  }

  #showCall({ id, name, arguments: given }: ToolCall, result: string | undefined): void {
    const before = [...this.#calls.children].find((call) => (call as HTMLElement).dataset.id === id);
    const call = before ?? createElement('details', { part: 'tool', 'data-id': id });
    if (!before) this.#calls.append(call);
    const lines = createElement('pre', {}, JSON.stringify(given, null, 2), result === undefined ? '' : `\n→ ${result}`);
    call.querySelector('pre')?.replaceWith(lines);
    if (!before) call.append(createElement('summary', {}, this.#around.say('tool', { name })), lines);
  }

  async #onCopy(): Promise<void> {
    const { say, onCopy } = this.#around;
    await onCopy(this.#text);
    label(this.#copy, say('copied'));
    this.#copy.replaceChildren(icon(drawings.done));
    setTimeout(() => {
      label(this.#copy, say('copy'));
      this.#copy.replaceChildren(icon(drawings.copy));
    }, 1500);
  }
}

/** A text that has only become longer keeps its node's beginning, and what is selected in it. */
function grow(node: Text, text: string): void {
  if (text.startsWith(node.data)) node.appendData(text.slice(node.length));
  else node.data = text;
}
