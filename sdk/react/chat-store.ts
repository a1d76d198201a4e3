import type { Chat, CreateChatOptions } from '../chat/chat.ts';
import { invalid } from '../errors/invalid.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatResult } from '../loaded-model/chatting.ts';
import type { Message, ToolMessage, UserMessage } from '../loaded-model/message.ts';
import { LateModel } from './late-model.ts';
import { RunStore } from './run-store.ts';
import { withoutOpenCalls } from './without-open-calls.ts';

/** Options of every answer, and how the conversation is led. */
export type ConversationOptions = Omit<CreateChatOptions, 'messages' | 'signal'>;

/** An answer in waiting; undefined where it failed, which the state tells, or was stopped. */
type Answer = Promise<ChatResult | undefined>;

/** A conversation in one place of a page, one answer at a time. */
export class ChatStore extends RunStore<{ messages: readonly Message[] }> {
  readonly model: LateModel<ChatModel> = new LateModel();
  options: ConversationOptions = {};
  /** The chat that made the messages as they are: it knows what its prompt leaves out already. */
  #kept: { chat: Chat; model: ChatModel; system: string | undefined; messages: readonly Message[] } | undefined;

  constructor(messages: readonly Message[]) {
    super({ messages }, (left) => ({ messages: withoutOpenCalls(left.messages) }));
  }

  readonly send = (message: string | UserMessage | readonly ToolMessage[], options?: ChatOptions): Answer => {
    this.stop();
    return this.#answer(this.get().messages, message, options);
  };

  readonly regenerate = (options?: ChatOptions): Answer =>
    this.#askAgain(
      this.get().messages.findLastIndex(({ role }) => role === 'user'),
      undefined,
      options,
    );

  readonly edit = (index: number, content: UserMessage['content'], options?: ChatOptions): Answer =>
    this.#askAgain(index, content, options);

  /** Answers a message of the user's, or another text in its place. */
  #askAgain(index: number, content: UserMessage['content'] | undefined, options: ChatOptions | undefined): Answer {
    this.stop();
    const { messages } = this.get();
    const asked = messages[index];
    if (asked?.role !== 'user')
      return this.run({}, () => Promise.reject(invalid('index', index, "that of a user's message")));
    return this.#answer(messages.slice(0, index), content === undefined ? asked : { role: 'user', content }, options);
  }

  #answer(
    before: readonly Message[],
    message: string | UserMessage | readonly ToolMessage[],
    options: ChatOptions | undefined,
  ): Answer {
    const asked = [
      ...before,
      ...(typeof message === 'string' ? [{ role: 'user', content: message } as const] : [message].flat()),
    ];
    return this.run({ messages: asked }, async (signal, show) => {
      const model = await this.model.get(signal);
      const { system, onOverflow, ...chatting } = this.options;
      const { createChat, withPart } = await import('../chat/create-chat.ts');
      const kept = this.#kept;
      const goesOn = kept?.messages === before && kept.model === model && kept.system === system;
      const chat = goesOn ? kept.chat : createChat(model, { system, onOverflow, messages: before });
      const answering = chat.send(message, { ...chatting, ...options, signal });
      let draft: readonly Message[] = [];
      for await (const part of answering) {
        draft = withPart(draft, part);
        const messages = [...asked, ...draft];
        show(() => ({ messages }));
      }
      const result = await answering;
      const messages = [...asked, ...result.messages];
      show(() => ({ messages }));
      this.#kept = { chat, model, system, messages };
      return result;
    });
  }
}
