import type { AssistantMessage, Message, TextContent, ToolCall } from '../loaded-model/message.ts';
import { array, type Kind, object, optional, text } from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { oneOf } from './check-parameter.ts';
import { functionType } from './read-tools.ts';
import { type RequestObject, requestObjects } from './request-object.ts';

const roles = oneOf('system', 'developer', 'user', 'assistant', 'tool');
const content: Kind = {
  mustBe: 'a text, or an array of parts of the type text',
  allows: (value) => text.allows(value) || Array.isArray(value),
};
const partType: Kind = { ...oneOf('text'), mustBe: "'text': the model reads nothing else" };
const absent: Kind = { mustBe: 'left out: there are texts and tool_calls', allows: (value) => value == null };
const objectText: Kind = {
  mustBe: 'the JSON text of an object',
  allows: (written) => parseObject(written) !== undefined,
};

/**
 * OpenAI's messages as ours. What else is in them changes nothing: a participant's `name`, which templates do not show, and what
 * clients keep with an answer that they send back.
 *
 * @throws ApiError 400 that says where
 */
export function readMessages(messages: readonly unknown[]): Message[] {
  if (messages.length === 0) throw badRequest('messages is empty; there must be at least one.', 'messages');
  return requestObjects('messages', messages).map(readMessage);
}

function readMessage(message: RequestObject): Message {
  const role = message.get<Message['role']>('role', roles);
  if (role === 'assistant') return readAnswer(message);
  const own = { role, content: readContent(message) };
  return role === 'tool' ? { ...own, role, toolCallId: message.get('tool_call_id', text) } : { ...own, role };
}

function readAnswer(message: RequestObject): AssistantMessage {
  for (const name of ['function_call', 'audio']) message.get(name, absent);
  const calls = message.get<unknown[] | undefined>('tool_calls', optional(array));
  const saysNothing = calls && message.get('content', optional(content)) === undefined;
  return {
    role: 'assistant',
    content: saysNothing ? null : readContent(message),
    reasoning: message.get('reasoning_content', optional(text)),
    toolCalls: calls && message.list('tool_calls').map(readCall),
  };
}

function readContent(message: RequestObject): string | TextContent[] {
  const given = message.get<string | unknown[]>('content', content);
  if (typeof given === 'string') return given;
  return message.list('content').map((part) => ({ type: part.get('type', partType), text: part.get('text', text) }));
}

function readCall(call: RequestObject): ToolCall {
  call.get('type', functionType);
  const called = call.object('function');
  return {
    id: call.get('id', text),
    name: called.get('name', text),
    arguments: parseObject(called.get('arguments', objectText)) as ToolCall['arguments'],
  };
}

/** The object that a text is the JSON of. Some clients write nothing where a call has no arguments. */
function parseObject(written: unknown): object | undefined {
  try {
    const parsed: unknown = typeof written === 'string' && JSON.parse(written || '{}');
    return object.allows(parsed) ? (parsed as object) : undefined;
  } catch {
    return undefined;
  }
}
