import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { TokenLogprob } from '../loaded-model/generation.ts';
import type { ToolCall } from '../loaded-model/message.ts';
import { type ChatParameters, chatKinds, chatOptions, chatRefusals } from './chat-parameters.ts';
import type { Endpoint } from './endpoint.ts';
import { leastLogprob } from './least-logprob.ts';
import { readMessages } from './read-messages.ts';
import { readParameters } from './read-parameters.ts';
import { type AnswerForm, respond } from './respond.ts';

/** `POST /v1/chat/completions` */
export const chatCompletions: Endpoint = async (body, models, stop) => {
  const parameters = readParameters<ChatParameters>(chatKinds, ['model', 'messages'], chatRefusals, body);
  const messages = readMessages(parameters.messages);
  const options = Array.from({ length: parameters.n ?? 1 }, (_, choice) => chatOptions(parameters, choice));
  const model = await models.open(parameters.model);
  const runs = options.map((each) => () => model.chat(messages, { ...each, signal: stop.signal }));
  return respond(parameters, runs, form, stop);
};

const form: AnswerForm<ChatPart, ChatResult> = {
  id: 'chatcmpl',
  object: 'chat.completion',
  chunk: 'chat.completion.chunk',
  whole({ text, reasoning, toolCalls, logprobs }) {
    const calls = toolCalls.map(wireCall);
    const message = {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    return { message, ...(logprobs && { logprobs: wireLogprobs(logprobs) }) };
  },
  pieces() {
    let calls = 0;
    return {
      first: { delta: { role: 'assistant', content: '', refusal: null } },
      next({ text, reasoning, toolCall, logprobs }) {
        if (toolCall) return { delta: { tool_calls: [{ index: calls++, ...wireCall(toolCall) }] } };
        if (reasoning) return { delta: { reasoning_content: reasoning } };
        if (!text && !logprobs) return undefined;
        return { delta: { content: text ?? '' }, ...(logprobs && { logprobs: wireLogprobs(logprobs) }) };
      },
      last: { delta: {} },
    };
  },
};

const wireCall = ({ id, name, arguments: given }: ToolCall): object => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
});

/** A token's text, its bytes, and its likeliest rivals. */
function wireLogprobs(tokens: readonly TokenLogprob[]): object {
  const utf8 = new TextEncoder();
  const token = ({ text, logprob }: { readonly text: string; readonly logprob: number }): object => ({
    token: text,
    logprob: Math.max(logprob, leastLogprob),
    // A part of a character is no text, so its bytes are not known from it.
    bytes: text.includes('\ufffd') ? null : [...utf8.encode(text)],
  });
  return { content: tokens.map((each) => ({ ...token(each), top_logprobs: each.top.map(token) })), refusal: null };
}
