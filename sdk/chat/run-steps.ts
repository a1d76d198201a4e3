import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { AssistantMessage, Message, ToolMessage } from '../loaded-model/message.ts';
import type { ToolChoice } from '../loaded-model/tool.ts';
import { nothingSaid } from './nothing-said.ts';
import type { Step } from './run-step.ts';
import { canRunAll, runTools } from './run-tools.ts';

/** A call that has to come. */
export type ForcedChoice = Exclude<ToolChoice, 'auto' | 'none'>;

/**
 * Answers a conversation: a step, and as long as it calls tools that can be run here, their results and another.
 *
 * @param answer answers once, wherever the model is
 * @param options checked
 */
export async function runSteps(
  answer: (messages: readonly Message[], choice: 'auto' | ForcedChoice) => Promise<Step>,
  messages: readonly Message[],
  { tools = {}, toolChoice = 'auto', maxSteps = 10 }: ChatOptions,
  onPart: (part: ChatPart) => void,
  signal: AbortSignal,
): Promise<ChatResult> {
  const added: Message[] = [];
  const steps: Step[] = [];
  let last: AssistantMessage;
  while (true) {
    const choice = steps.length > 0 || toolChoice === 'none' ? 'auto' : toolChoice;
    const step = await answer([...messages, ...added], choice);
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
      // A conversation with calls that have no results could not go on.
      const { usage, timings, finishReason } = nothingSaid();
      const uncalled = { ...step, toolCalls: [], finishReason, usage, timings };
      steps.push(uncalled);
      last = messageOf(uncalled);
      added[added.length - 1] = last;
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

function sums(steps: readonly Step[]): Pick<ChatResult, 'usage' | 'timings'> {
  const sum = (of: (step: Step) => number): number => steps.reduce((total, step) => total + of(step), 0);
  const usage = {
    promptTokens: sum((step) => step.usage.promptTokens),
    cachedTokens: sum((step) => step.usage.cachedTokens),
    generatedTokens: sum((step) => step.usage.generatedTokens),
    reasoningTokens: sum((step) => step.usage.reasoningTokens),
    forcedTokens: sum((step) => step.usage.forcedTokens),
    ...(steps.some(({ usage }) => usage.draftedTokens !== undefined) && {
      draftedTokens: sum((step) => step.usage.draftedTokens ?? 0),
      acceptedTokens: sum((step) => step.usage.acceptedTokens ?? 0),
    }),
  };
  const prefillMs = sum((step) => step.timings.prefillMs);
  const decodeMs = sum((step) => step.timings.decodeMs);
  const tokensPerSecond = decodeMs > 0 ? (usage.generatedTokens * 1000) / decodeMs : 0;
  return { usage, timings: { prefillMs, decodeMs, tokensPerSecond } };
}
