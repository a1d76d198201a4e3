import type { Message } from '../loaded-model/message.ts';
import type {
  LanguageModelMessage,
  LanguageModelMessageContent,
  LanguageModelMessageRole,
  LanguageModelMessageType,
  LanguageModelPrompt,
} from './dictionaries.ts';
import { dictionary, isSequence, oneOf, sequence } from './web-idl.ts';

export const messageTypes: readonly LanguageModelMessageType[] = [
  'text',
  'image',
  'audio',
  'tool-call',
  'tool-response',
];
const roles: readonly LanguageModelMessageRole[] = ['system', 'user', 'assistant'];

/** Messages of texts alone, as they are given to the model. */
export interface ReadPrompt {
  readonly messages: readonly (Message & { readonly content: string })[];
  /** Whether the answer goes on with the last of them. */
  readonly continues: boolean;
}

/**
 * Turns a prompt, in any of its forms, into messages: "validate and canonicalize a prompt". That a system message stands first of
 * all is for {@link refuseLateSystem}, which knows what came before.
 *
 * @throws TypeError for what is no prompt; DOMException SyntaxError for a `prefix` elsewhere than on an assistant's last message,
 *   NotSupportedError for images, audio and what else is no text
 */
export function readPrompt(input: LanguageModelPrompt): ReadPrompt {
  // Whatever is no sequence is turned into a text, as Web IDL has it.
  if (!isSequence(input)) return { messages: [{ role: 'user', content: `${input}` }], continues: false };
  const given = sequence(input as Iterable<LanguageModelMessage>, 'The prompt');
  if (given.length === 0) return { messages: [{ role: 'user', content: '' }], continues: false };
  let continues = false;
  const messages = given.map((message, i) => {
    const { role: givenRole, content, prefix } = dictionary(message, 'A message');
    if (content === undefined) throw new TypeError('A message has no content.');
    const role = oneOf(roles, givenRole, "A message's role");
    if (prefix) {
      if (role !== 'assistant' || i < given.length - 1)
        throw new DOMException("prefix is for the last message, where it is the assistant's.", 'SyntaxError');
      continues = true;
    }
    return { role, content: isSequence(content) ? joinContent(content, role) : `${content}` };
  });
  return { messages, continues };
}

/** No space is put between two pieces of text. */
function joinContent(content: Iterable<unknown>, role: LanguageModelMessageRole): string {
  const texts = sequence(content as Iterable<LanguageModelMessageContent>, "A message's content").map((piece) => {
    const { type: given, value } = dictionary(piece, 'A piece of content');
    const type = oneOf(messageTypes, given, 'The type of a piece of content');
    if (value === undefined) throw new TypeError('A piece of content has no value.');
    if (type !== 'text')
      throw new DOMException(
        role === 'assistant'
          ? `An assistant's message is text, not ${type}.`
          : `This model reads text, not ${type}: create the session with expectedInputs to see beforehand what it reads.`,
        'NotSupportedError',
      );
    if (typeof value === 'object' && value !== null) throw new TypeError('The value of a piece of text is no text.');
    return `${value}`;
  });
  return texts.join('');
}

/**
 * A system message may only come first of all.
 *
 * @param isFirst whether nothing was said before these messages
 * @throws TypeError
 */
export function refuseLateSystem(messages: readonly Message[], isFirst: boolean): void {
  if (messages.some(({ role }, i) => role === 'system' && !(isFirst && i === 0)))
    throw new TypeError('A system message may only come first, before anything else was said.');
}
