import type { ChatModel } from '../loaded-model/chat-options.ts';
import type { Message } from '../loaded-model/message.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { callback, fields } from '../options/kinds.ts';
import { chatOptions, createChatOptions } from '../options/table.ts';
import type { Chat, CreateChatOptions } from './chat.ts';
import { checkMessages } from './check-messages.ts';
import { KeptChat } from './kept-chat.ts';

export { withPart } from './answer-draft.ts';

/**
 * Keeps a conversation with a model.
 *
 * @throws GptletError INVALID_OPTION
 * @example
 * const chat = createChat(model, { system: 'You are terse.' });
 * for await (const { text } of chat.send('Who was Ada Lovelace?')) if (text) bubble.append(text);
 * await chat.send('And when was she born?');
 */
export function createChat(model: ChatModel, options: CreateChatOptions = {}): Chat {
  checkArgument('model', model, fields({ chat: callback }));
  const {
    system,
    messages,
    onOverflow = 'drop-oldest',
    ...chatting
  } = checkOptions<CreateChatOptions, ReturnType<typeof allOptions>>(allOptions(), options);
  const begin: Message[] = [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    ...(messages ?? []),
  ];
  if (begin.length > 0) checkMessages(begin);
  return new KeptChat(model, begin, chatting, onOverflow);
}

const allOptions = (): ReturnType<typeof chatOptions> & ReturnType<typeof createChatOptions> => ({
  ...chatOptions(),
  ...createChatOptions(),
});
