import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { Message } from '../loaded-model/message.ts';
import { checkArgument } from '../options/check-argument.ts';
import { object, oneOf, rows, text } from '../options/kinds.ts';

const role = oneOf('system', 'developer', 'user', 'assistant', 'tool');
const calls = rows({ id: text, name: text, arguments: object });

/**
 * That a conversation is one: known roles, texts, calls with ids.
 *
 * @throws GptletError INVALID_OPTION that names the message; UNSUPPORTED_MODEL for content that is no text
 */
export function checkMessages(messages: readonly Message[]): void {
  if (!Array.isArray(messages)) throw invalid('messages', messages, 'an array of messages');
  if (messages.length === 0)
    throw new GptletError(
      'INVALID_OPTION',
      "There are no messages; give at least one, { role: 'user', content: '…' }.",
    );
  messages.forEach((message: Message, i) => {
    const name = `messages[${i}]`;
    checkArgument(name, message, object);
    checkArgument(`${name}.role`, message.role, role);
    const mayBeEmpty = message.role === 'assistant';
    if (!(mayBeEmpty && message.content == null)) checkContent(`${name}.content`, message.content);
    if (message.role === 'tool') checkArgument(`${name}.toolCallId`, message.toolCallId, text);
    if (message.role === 'assistant' && message.toolCalls != null)
      checkArgument(`${name}.toolCalls`, message.toolCalls, calls);
    if (message.role === 'assistant' && message.reasoning != null)
      checkArgument(`${name}.reasoning`, message.reasoning, text);
  });
}

function checkContent(name: string, content: unknown): void {
  if (typeof content === 'string') return;
  if (!Array.isArray(content)) throw invalid(name, content, 'a text or an array of parts');
  content.forEach((part: unknown, i) => {
    checkArgument(`${name}[${i}]`, part, object);
    const { type, text: own } = part as { type?: unknown; text?: unknown };
    if (type === 'text') checkArgument(`${name}[${i}].text`, own, text);
    else
      throw new GptletError(
        'UNSUPPORTED_MODEL',
        `${name}[${i}] is of the type ${JSON.stringify(type)?.slice(0, 100)}; the models that gptlet runs read text: leave it out, or describe it in words.`,
      );
  });
}

/** The text of a content in either form. */
export const textOf = (content: Message['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join('');
