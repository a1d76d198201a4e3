import type { Chat } from '../chat/chat.ts';
import { createChat } from '../chat/create-chat.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { Chatting } from '../loaded-model/chatting.ts';
import type { Message, UserMessage } from '../loaded-model/message.ts';

export { withPart } from '../chat/create-chat.ts';

/** A chat of an element, as long as model and instructions are the same. */
export interface ContinuedChat {
  readonly chat: Chat;
  readonly model: ChatModel;
  readonly system: string | undefined;
}

/** Has the last message, which is a user's, answered: in the chat of the last answer, which knows what its prompt left out already. */
export function continueChat(
  last: ContinuedChat | undefined,
  { model, system, messages }: Omit<ContinuedChat, 'chat'> & { readonly messages: readonly Message[] },
  options: ChatOptions,
): { continued: ContinuedChat; answer: Chatting } {
  const before = messages.slice(0, -1);
  const asked = messages[before.length] as UserMessage;
  if (last?.model === model && last.system === system) {
    const { chat } = last;
    const known = chat.messages.slice(system === undefined ? 0 : 1);
    const goesOn = before.every((message, i) => message === known[i]);
    if (goesOn && known.length === before.length) return { continued: last, answer: chat.send(asked, options) };
    if (goesOn && known[before.length] === asked) return { continued: last, answer: chat.regenerate(options) };
  }
  const chat = createChat(model, { system, messages });
  return { continued: { chat, model, system }, answer: chat.regenerate(options) };
}
