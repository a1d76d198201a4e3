import type { AssistantMessage, Message, UserMessage } from '../loaded-model/message.ts';
import { textOf } from './answer-draft.ts';
import { Composer } from './composer.ts';
import type { Conversation } from './conversation.ts';
import { createElement, icon, label } from './create-element.ts';
import { MessageItem, type RenderMarkdown } from './message-item.ts';
import type { Say } from './say.ts';

/** All that decides what a conversation looks like. */
export interface ChatState {
  readonly conversation: Conversation;
  readonly isDisabled: boolean;
  readonly label: string;
  readonly placeholder: string;
  readonly renderMarkdown: RenderMarkdown | undefined;
  readonly say: Say;
}

export interface ChatActions {
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
  readonly onAgain: () => void;
  readonly onCopy: (text: string) => Promise<void>;
}

/** Pixels from the end within which one is at the end. */
const nearEnd = 32;

/** The conversation on the page. It follows an answer as long as one is at its end, and leaves in peace who reads above. */
export class ChatView {
  readonly composer: Composer;
  readonly #list: HTMLOListElement = createElement('ol', { part: 'messages' });
  readonly #empty: HTMLElement = createElement('div', { part: 'empty' }, createElement('slot', { name: 'empty' }));
  readonly #waiting: HTMLElement = createElement(
    'div',
    { part: 'waiting' },
    ...[1, 2, 3].map(() => createElement('i')),
  );
  readonly #log: HTMLElement;
  readonly #toEnd: HTMLButtonElement = createElement('button', { part: 'to-end', type: 'button' }, icon('down'));
  readonly #actions: ChatActions;
  #items: MessageItem[] = [];
  #follows = true;

  /** @param lines of the element: how far a load is, and what went wrong */
  constructor(root: ShadowRoot, lines: { load: HTMLElement; problem: HTMLElement }, actions: ChatActions) {
    this.#actions = actions;
    this.composer = new Composer(actions.onSend, actions.onStop);
    const inner = createElement('div', { class: 'content' }, this.#empty, this.#list, this.#waiting, lines.problem);
    this.#log = createElement('div', { part: 'log', role: 'log', 'aria-live': 'off', tabindex: '0' }, inner);
    root.append(
      createElement('slot', { name: 'header' }),
      createElement('div', { class: 'scroller' }, this.#log, this.#toEnd),
      lines.load,
      this.composer.element,
      createElement('slot', { name: 'footer' }),
    );
    this.#log.addEventListener('scroll', () => this.#onScroll());
    this.#toEnd.addEventListener('click', () => this.scrollToEnd());
    new ResizeObserver(() => this.#keepEnd()).observe(this.#log);
  }

  update(state: ChatState): void {
    const { say, isDisabled } = state;
    const { messages, draft, isRunning } = state.conversation;
    this.#empty.hidden = messages.length > 0;
    this.#showMessages(state);
    this.#waiting.hidden = !isRunning || draft.length > 0;
    this.composer.update(isRunning, isDisabled, state.label, state.placeholder, say);
    this.#log.setAttribute('aria-label', say('log'));
    this.#log.setAttribute('aria-busy', String(isRunning));
    label(this.#toEnd, say('end'));
    this.#keepEnd();
  }

  scrollToEnd(): void {
    this.#follows = true;
    this.#keepEnd();
  }

  #showMessages({ conversation, say, renderMarkdown, isDisabled }: ChatState): void {
    const { messages, draft, isRunning } = conversation;
    const all = [...messages, ...draft];
    const results = new Map(all.flatMap((each) => (each.role === 'tool' ? [[each.toolCallId, textOf(each)]] : [])));
    const shown = all.flatMap((message, at) =>
      isShown(message) ? [{ message, isOpen: isRunning && at >= messages.length }] : [],
    );
    for (const { element } of this.#items.splice(shown.length)) element.remove();
    for (const [at, { message, isOpen }] of shown.entries()) {
      let item = this.#items[at];
      if (item?.role !== message.role) {
        const next = new MessageItem(message.role);
        if (item) item.element.replaceWith(next.element);
        else this.#list.append(next.element);
        this.#items[at] = item = next;
      }
      const isLast = at === shown.length - 1;
      const { onAgain, onCopy } = this.#actions;
      item.update(message, {
        ...{ say, renderMarkdown, results, isOpen, isLast, onCopy, onAgain },
        isDisabled: isDisabled || isRunning,
      });
    }
  }

  #onScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#follows = scrollHeight - scrollTop - clientHeight < nearEnd;
    this.#toEnd.hidden = this.#follows;
  }

  #keepEnd(): void {
    if (this.#follows) this.#log.scrollTop = this.#log.scrollHeight;
    this.#onScroll();
  }
}

/** Instructions and what tools gave are no turns of their own. */
const isShown = (message: Message): message is UserMessage | AssistantMessage =>
  message.role === 'user' || message.role === 'assistant';
