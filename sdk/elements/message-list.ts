import type { AssistantMessage, Message, UserMessage } from '../loaded-model/message.ts';
import type { ChatActions, ChatState } from './chat-state.ts';
import { MessageItem } from './message-item.ts';
import { messageStyle } from './message-style.ts';
import { textOf } from './message-text.ts';
import { addStyle } from './shared-style.ts';

/** The messages of a conversation as items of a list. */
export class MessageList {
  readonly #list: HTMLOListElement;
  readonly #actions: ChatActions;
  #items: MessageItem[] = [];

  constructor(root: ShadowRoot, list: HTMLOListElement, actions: ChatActions) {
    this.#list = list;
    this.#actions = actions;
    addStyle(root, messageStyle);
  }

  show({ conversation, say, renderMarkdown, isDisabled }: ChatState): void {
    const { messages, draft, isRunning } = conversation;
    const all = [...messages, ...draft];
    const results = new Map(all.flatMap((each) => (each.role === 'tool' ? [[each.toolCallId, textOf(each)]] : [])));
    const shown = all.flatMap((message, at) =>
      isShown(message) ? [{ message, isOpen: isRunning && at >= messages.length }] : [],
    );
    for (const { element } of this.#items.splice(shown.length)) element.remove();
    for (const [at, { message, isOpen }] of shown.entries()) {
      const isLast = at === shown.length - 1;
      this.#itemAt(at, message.role).update(message, {
        ...{ ...this.#actions, say, renderMarkdown, results, isOpen, isLast },
        isDisabled: isDisabled || isRunning,
      });
    }
  }

  #itemAt(at: number, role: Message['role']): MessageItem {
    const before = this.#items[at];
    if (before?.role === role) return before;
    const item = new MessageItem(role);
    if (before) before.element.replaceWith(item.element);
    else this.#list.append(item.element);
    this.#items[at] = item;
    return item;
  }
}

/** Instructions and what tools gave are no turns of their own. */
const isShown = (message: Message): message is UserMessage | AssistantMessage =>
  message.role === 'user' || message.role === 'assistant';
