import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { ToolCall } from '../loaded-model/message.ts';
import { type ChatParameters, chatKinds, chatOptions, chatRefusals } from './chat-parameters.ts';
import { eachRun, type RunEvent, resultsOf } from './each-run.ts';
import type { Endpoint } from './endpoint.ts';
import { eventStream } from './event-stream.ts';
import { jsonResponse } from './json-response.ts';
import { readMessages } from './read-messages.ts';
import { readParameters } from './read-parameters.ts';
import { responseHead } from './response-head.ts';
import { includesUsage } from './sampling-parameters.ts';
import { chatLogprobs } from './token-logprobs.ts';
import { usageOf } from './usage.ts';

/** `POST /v1/chat/completions` */
export const chatCompletions: Endpoint = async (body, models, stop) => {
  const parameters = readParameters<ChatParameters>(chatKinds, ['model', 'messages'], chatRefusals, body);
  const { n = 1 } = parameters;
  const messages = readMessages(parameters.messages);
  const options = Array.from({ length: n }, (_, choice) => chatOptions(parameters, choice));
  const withUsage = includesUsage(parameters);
  const model = await models.open(parameters.model);
  const events = eachRun(
    options.map((each) => () => model.chat(messages, { ...each, signal: stop.signal })),
    stop.signal,
  );
  const head = responseHead('chatcmpl', parameters.model);
  if (parameters.stream) return eventStream(chunks(events, head, n, withUsage), stop);
  const results = await resultsOf(events);
  const choices = results.map((result, index) => ({ index, ...wholeChoice(result) }));
  return jsonResponse({ ...head, object: 'chat.completion', choices, usage: usageOf(results, n) });
};

/** An answer as a whole. */
function wholeChoice({ text, reasoning, toolCalls, logprobs, finishReason }: ChatResult): object {
  const calls = toolCalls.map(wireCall);
  return {
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    logprobs: logprobs ? chatLogprobs(logprobs) : null,
    finish_reason: finishOf(finishReason),
  };
}

/** The answers in pieces, one after the other. */
async function* chunks(
  events: AsyncIterable<RunEvent<ChatPart, ChatResult>>,
  head: object,
  n: number,
  withUsage: boolean,
): AsyncGenerator<object, void, undefined> {
  const frame = { ...head, object: 'chat.completion.chunk' };
  const chunk = (
    index: number,
    delta: object,
    logprobs: object | null = null,
    finish: string | null = null,
  ): object => ({
    ...frame,
    choices: [{ index, delta, logprobs, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  });
  const results: ChatResult[] = [];
  let begun = 0;
  let calls = 0;
  for await (const { index, part, result } of events) {
    if (index === begun) {
      yield chunk(index, { role: 'assistant', content: '', refusal: null });
      begun++;
      calls = 0;
    }
    if (part?.toolCall) {
      yield chunk(index, { tool_calls: [{ index: calls++, ...wireCall(part.toolCall) }] });
    } else if (part?.reasoning) yield chunk(index, { reasoning_content: part.reasoning });
    else if (part?.text || part?.logprobs)
      yield chunk(index, { content: part.text ?? '' }, part.logprobs ? chatLogprobs(part.logprobs) : null);
    if (result) {
      results.push(result);
      yield chunk(index, {}, null, finishOf(result.finishReason));
    }
  }
  if (withUsage) yield { ...frame, choices: [], usage: usageOf(results, n) };
}

const wireCall = ({ id, name, arguments: given }: ToolCall): object => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
});

const finishOf = (reason: ChatResult['finishReason']): string =>
  ({ stop: 'stop', length: 'length', 'tool-calls': 'tool_calls', aborted: 'stop' })[reason];
