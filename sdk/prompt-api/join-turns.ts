import type { Message } from '../loaded-model/message.ts';

/**
 * Joins what the user said several times in a row, as happens with `append`: many templates want user and assistant to take turns
 * and refuse all else.
 */
export function joinTurns(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined[joined.length - 1];
    if (message.role === 'user' && last?.role === 'user')
      joined[joined.length - 1] = { role: 'user', content: `${last.content}\n\n${message.content}` };
    else joined.push(message);
  }
  return joined;
}
