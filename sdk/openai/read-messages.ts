import { show } from '../errors/show.ts';
import type { AssistantMessage, Message, TextContent, ToolCall } from '../loaded-model/message.ts';
import { array, type Kind, text } from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { checkParameter, oneOf, readObject } from './read-parameters.ts';

/**
 * OpenAI's messages as ours. What else is in them changes nothing: a participant's `name`, which templates do not show, and what
 * clients keep with an answer that they send back.
 *
 * @throws ApiError 400 that says where
 */
export function readMessages(messages: readonly unknown[]): Message[] {
  if (messages.length === 0) throw badRequest('messages is empty; it must have at least one message.', 'messages');
  return messages.map((message, i) => readMessage(`messages[${i}]`, message));
}

function readMessage(at: string, value: unknown): Message {
  const message = readObject(at, value);
  const { role } = message;
  switch (role) {
    case 'system':
    case 'developer':
    case 'user':
      return { role, content: readContent(`${at}.content`, message.content) };
    case 'assistant':
      return readAnswer(at, message);
    case 'tool':
      checkParameter(`${at}.tool_call_id`, message.tool_call_id, text);
      return {
        role,
        content: readContent(`${at}.content`, message.content),
        toolCallId: message.tool_call_id as string,
      };
    case 'function':
      throw badRequest(`${at}.role is 'function', which is deprecated: use tools, and the role 'tool'.`, `${at}.role`);
    default:
      throw badRequest(
        `${at}.role is ${show(role)}; it must be 'system', 'developer', 'user', 'assistant' or 'tool'.`,
        `${at}.role`,
      );
  }
}

function readAnswer(at: string, message: Readonly<Record<string, unknown>>): AssistantMessage {
  for (const name of ['function_call', 'audio']) {
    if (message[name] != null)
      throw badRequest(`${at}.${name} is not supported: use tool_calls and texts.`, `${at}.${name}`);
  }
  const { tool_calls: calls, reasoning_content: reasoning } = message;
  // What an answer refuses to say is what it says.
  const content = message.content ?? message.refusal ?? null;
  if (calls == null && content === null)
    throw badRequest(`${at} has neither content nor tool_calls.`, `${at}.content`, 'missing_required_parameter');
  if (reasoning != null) checkParameter(`${at}.reasoning_content`, reasoning, text);
  return {
    role: 'assistant',
    content: content === null ? null : readContent(`${at}.content`, content),
    ...(reasoning != null && { reasoning: reasoning as string }),
    ...(calls != null && { toolCalls: readCalls(`${at}.tool_calls`, calls) }),
  };
}

function readContent(at: string, content: unknown): string | TextContent[] {
  if (!Array.isArray(content)) {
    checkParameter(at, content, { ...text, mustBe: 'a text, or an array of parts of type text' });
    return content as string;
  }
  return content.map((value, i) => {
    const part = readObject(`${at}[${i}]`, value);
    const { type } = part;
    if (type !== 'text' && type !== 'refusal') {
      const message = `${at}[${i}].type is ${show(type)}, and this model reads text alone: leave the part out, or say in words what it holds.`;
      throw badRequest(message, `${at}[${i}].type`);
    }
    checkParameter(`${at}[${i}].${type}`, part[type], text);
    return { type: 'text', text: part[type] as string };
  });
}

function readCalls(at: string, calls: unknown): ToolCall[] {
  checkParameter(at, calls, array);
  return (calls as unknown[]).map((value, i) => {
    const call = readObject(`${at}[${i}]`, value);
    checkParameter(`${at}[${i}].type`, call.type, oneOf('function'));
    checkParameter(`${at}[${i}].id`, call.id, text);
    const { name, arguments: written } = readObject(`${at}[${i}].function`, call.function);
    checkParameter(`${at}[${i}].function.name`, name, text);
    checkParameter(`${at}[${i}].function.arguments`, written, objectText);
    return { id: call.id as string, name: name as string, arguments: parseObject(written) as ToolCall['arguments'] };
  });
}

/** The object that a text is the JSON of. Some clients write nothing where a call has no arguments. */
function parseObject(written: unknown): object | undefined {
  if (typeof written !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(written || '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const objectText: Kind = {
  mustBe: 'the JSON text of an object',
  allows: (written) => parseObject(written) !== undefined,
};
