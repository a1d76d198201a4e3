import type { ChatOptions } from '../loaded-model/chat-options.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { oneOf } from './check-parameter.ts';
import type { Kinds, Refusals } from './read-parameters.ts';
import { readTools } from './read-tools.ts';
import { RequestObject } from './request-object.ts';
import { generateOptions, type SamplingParameters, samplingKinds } from './sampling-parameters.ts';

/** Of `POST /v1/chat/completions`. */
export interface ChatParameters extends SamplingParameters {
  readonly messages: readonly unknown[];
  readonly max_completion_tokens?: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly tools?: readonly unknown[];
  readonly tool_choice?: unknown;
  /** @default true */
  readonly parallel_tool_calls?: boolean;
  /** 'none' switches thinking off, any other effort switches it on: how much a model thinks is its own. */
  readonly reasoning_effort?: string;
  /** Of vLLM, SGLang and llama.cpp: `enable_thinking` or `thinking`, which templates call the same switch. */
  readonly chat_template_kwargs?: object;
  /** Of vLLM and SGLang: the last message is an answer's beginning. The second is its contrary, which they want said. */
  readonly continue_final_message?: boolean;
  readonly add_generation_prompt?: boolean;
  readonly modalities?: readonly string[];
}

export const chatKinds: Kinds<ChatParameters> = {
  ...samplingKinds,
  messages: is.array,
  max_tokens: is.wholeNumber(1),
  max_completion_tokens: is.wholeNumber(1),
  logprobs: is.flag,
  top_logprobs: is.wholeNumber(0, 20),
  tools: is.array,
  tool_choice: {
    mustBe: "'none', 'auto', 'required' or an object that names a tool",
    allows: (value) => ['none', 'auto', 'required'].includes(value as string) || is.object.allows(value),
  },
  parallel_tool_calls: is.flag,
  chat_template_kwargs: is.object,
  continue_final_message: is.flag,
  add_generation_prompt: is.flag,
  reasoning_effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  modalities: {
    mustBe: "['text']",
    allows: (value) => Array.isArray(value) && value.join() === 'text',
  },
};

export const chatRefusals: Refusals = {
  functions: 'they are deprecated, use tools',
  function_call: 'it is deprecated, use tool_choice',
  audio: 'answers are text',
  moderation: 'there is none',
  verbosity: 'say it in a message',
  web_search_options: 'give a tool that searches',
};

/** What a request says of the answer with index `choice`. @throws ApiError 400 */
export function chatOptions(parameters: ChatParameters, choice: number): ChatOptions {
  const { max_tokens: limit, max_completion_tokens: newerLimit, reasoning_effort: effort } = parameters;
  if (limit !== undefined && newerLimit !== undefined)
    throw badRequest('max_tokens is the old name of max_completion_tokens: give one of the two.', 'max_tokens');
  if (parameters.top_logprobs !== undefined && parameters.logprobs !== true)
    throw badRequest('top_logprobs is given without logprobs: true; give both or none.', 'top_logprobs');
  const { continue_final_message: continueMessage, add_generation_prompt: opensAnswer } = parameters;
  if (opensAnswer === (continueMessage ?? false))
    throw badRequest('add_generation_prompt must be the contrary of continue_final_message.', 'add_generation_prompt');
  return {
    ...generateOptions(parameters, choice),
    ...readTools(parameters.tools, parameters.tool_choice),
    parallelToolCalls: parameters.parallel_tool_calls,
    maxNewTokens: newerLimit ?? limit,
    thinking: effort === undefined ? readThinking(parameters.chat_template_kwargs) : effort !== 'none',
    continueMessage,
    logprobs: parameters.logprobs === true ? (parameters.top_logprobs ?? 0) : undefined,
  };
}

function readThinking(given: object | undefined): boolean | undefined {
  if (given === undefined) return undefined;
  const switches = new RequestObject('chat_template_kwargs', given);
  for (const name of Object.keys(given))
    switches.get(name, ['enable_thinking', 'thinking'].includes(name) ? is.optional(is.flag) : unknownSwitch);
  return (
    switches.get<boolean | undefined>('enable_thinking', is.optional(is.flag)) ??
    switches.get('thinking', is.optional(is.flag))
  );
}

const unknownSwitch: is.Kind = { mustBe: 'left out: only thinking is switched', allows: () => false };
