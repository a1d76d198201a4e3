import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { AssistantMessage, Message, ToolMessage } from '../loaded-model/message.ts';
import { checkOptions } from '../options/check-options.ts';
import { chatOptions } from '../options/table.ts';
import { checkMessages } from './check-messages.ts';
import { readTools } from './read-tools.ts';
import { runStep, type Step } from './run-step.ts';
import { canRunAll, runTools } from './run-tools.ts';
import { settingsOf } from './settings-of.ts';

/** Answers a conversation: a step, and as long as it calls tools that can be run here, their results and another. */
export async function runChat(
  model: GptModel,
  messages: readonly Message[],
  given: ChatOptions,
  onPart: (part: ChatPart) => void,
  signal: AbortSignal,
): Promise<ChatResult> {
  checkMessages(messages);
  const options: ChatOptions = checkOptions(chatOptions(), given);
  const { tools = {}, toolChoice = 'auto', maxSteps = 10 } = options;
  if (typeof toolChoice === 'object' && !Object.hasOwn(tools, toolChoice.tool))
    throw invalid(
      'toolChoice.tool',
      toolChoice.tool,
      `one of the tools: ${Object.keys(tools).join(', ') || 'there are none'}`,
    );
  if (toolChoice === 'required' && Object.keys(tools).length === 0)
    throw new GptletError('INVALID_OPTION', "toolChoice is 'required', but there are no tools; give some in 'tools'.");
  if (options.continueMessage && messages[messages.length - 1].role !== 'assistant')
    throw new GptletError('INVALID_OPTION', "continueMessage needs an assistant's message at the end of 'messages'.");

  const callable = toolChoice === 'none' ? [] : readTools(tools);
  const settings = { ...(await settingsOf(model, options, callable)), model, options, onPart, signal };
  const conversation = settings.describe(messages);
  const added: Message[] = [];
  const steps: Step[] = [];
  let last: AssistantMessage;
  while (true) {
    const choice = steps.length > 0 || toolChoice === 'none' ? 'auto' : toolChoice;
    const step = await runStep(settings, [...conversation, ...added], choice);
    steps.push(step);
    last = messageOf(step);
    added.push(last);
    const goesOn = step.finishReason === 'tool-calls' && steps.length < maxSteps && canRunAll(step.toolCalls, tools);
    if (!goesOn || signal.aborted) break;
    const results = await runTools(step.toolCalls, tools, signal).catch((error: unknown) => {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    });
    if (!results) {
      steps.push({ ...step, finishReason: 'aborted', usage: noUsage, timings: noTimings });
      break;
    }
    for (const toolResult of results) {
      onPart({ toolResult });
      added.push(resultMessage(toolResult.toolCallId, toolResult.content));
    }
  }
  return { ...steps[steps.length - 1], message: last, messages: added, ...sums(steps) };
}

const resultMessage = (toolCallId: string, content: string): ToolMessage => ({ role: 'tool', toolCallId, content });

const messageOf = ({ text, reasoning, toolCalls }: Step): AssistantMessage => ({
  role: 'assistant',
  content: text,
  ...(reasoning && { reasoning }),
  ...(toolCalls.length > 0 && { toolCalls }),
});

const noUsage: ChatResult['usage'] = {
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  reasoningTokens: 0,
  forcedTokens: 0,
};
const noTimings: ChatResult['timings'] = { prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 };

function sums(steps: readonly Step[]): Pick<ChatResult, 'usage' | 'timings'> {
  const sum = (of: (step: Step) => number): number => steps.reduce((total, step) => total + of(step), 0);
  const usage = {
    promptTokens: sum((step) => step.usage.promptTokens),
    cachedTokens: sum((step) => step.usage.cachedTokens),
    generatedTokens: sum((step) => step.usage.generatedTokens),
    reasoningTokens: sum((step) => step.usage.reasoningTokens),
    forcedTokens: sum((step) => step.usage.forcedTokens),
  };
  const prefillMs = sum((step) => step.timings.prefillMs);
  const decodeMs = sum((step) => step.timings.decodeMs);
  const tokensPerSecond = decodeMs > 0 ? (usage.generatedTokens * 1000) / decodeMs : 0;
  return { usage, timings: { prefillMs, decodeMs, tokensPerSecond } };
}
