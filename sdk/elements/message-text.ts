import type { Message } from '../loaded-model/message.ts';

/** A message's text, whichever way it is written. */
export function textOf({ content }: Pick<Message, 'content'>): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');
}
