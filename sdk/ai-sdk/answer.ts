import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { ChatResult } from '../loaded-model/chatting.ts';
import type { ToolCall } from '../loaded-model/message.ts';

/** What was said, in the order in which models say it. */
export function contentOf({ reasoning, text, toolCalls }: ChatResult): LanguageModelV4Content[] {
  return [
    ...(reasoning ? [{ type: 'reasoning' as const, text: reasoning }] : []),
    ...(text ? [{ type: 'text' as const, text }] : []),
    ...toolCalls.map(toolCallOf),
  ];
}

export const toolCallOf = (call: ToolCall): LanguageModelV4ToolCall => ({
  type: 'tool-call',
  toolCallId: call.id,
  toolName: call.name,
  input: JSON.stringify(call.arguments),
});

/** What an answer says of itself at its end. @throws the signal's reason for one that was aborted, which `ai` expects */
export function endOf(
  { finishReason, usage, timings, logprobs }: ChatResult,
  signal: AbortSignal | undefined,
): {
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
  providerMetadata: SharedV4ProviderMetadata;
} {
  if (finishReason === 'aborted') throw signal?.reason ?? new DOMException('The answer was aborted.', 'AbortError');
  return {
    finishReason: { unified: finishReason, raw: finishReason },
    usage: usageOf(usage),
    // Both are JSON, which interfaces do not say of themselves.
    providerMetadata: {
      gptlet: { timings, ...(logprobs && { logprobs }) } as unknown as SharedV4ProviderMetadata[string],
    },
  };
}

const usageOf = (usage: ChatResult['usage']): LanguageModelV4Usage => ({
  inputTokens: {
    total: usage.promptTokens,
    noCache: usage.promptTokens - usage.cachedTokens,
    cacheRead: usage.cachedTokens,
    // The KV cache takes every token, and takes nothing for it.
    cacheWrite: undefined,
  },
  outputTokens: {
    total: usage.generatedTokens,
    text: usage.generatedTokens - usage.reasoningTokens,
    reasoning: usage.reasoningTokens,
  },
  raw: { ...usage },
});
