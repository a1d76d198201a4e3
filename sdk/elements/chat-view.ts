import type { ChatActions, ChatState } from './chat-state.ts';
import { Composer } from './composer.ts';
import { createElement, icon, label } from './create-element.ts';
import type { MessageList } from './message-list.ts';

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
  readonly #toEnd: HTMLButtonElement = createElement(
    'button',
    { part: 'to-end', type: 'button' },
    icon('M10 4v11.5M5 10.5l5 5 5-5'),
  );
  readonly #actions: ChatActions;
  readonly #root: ShadowRoot;
  /** There since the first message. */
  #messageList: MessageList | undefined;
  #state: ChatState | undefined;
  #follows = true;

  /** @param lines of the element: how far a load is, and what went wrong */
  constructor(root: ShadowRoot, lines: { load: HTMLElement; problem: HTMLElement }, actions: ChatActions) {
    this.#root = root;
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
    if (this.#messageList || messages.length > 0) void this.#showMessages(state);
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

  async #showMessages(state: ChatState): Promise<void> {
    this.#state = state;
    if (!this.#messageList) {
      const { MessageList } = await import('./message-list.ts');
      this.#messageList ??= new MessageList(this.#root, this.#list, this.#actions);
    }
    // By now there may be more.
    this.#messageList.show(this.#state);
    this.#keepEnd();
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
