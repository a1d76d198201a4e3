import type { ChatPart } from '../loaded-model/chatting.ts';
import type { AssistantMessage, Message, ToolMessage } from '../loaded-model/message.ts';
import { textOf } from './message-text.ts';

/**
 * The messages that an answer has come to so far, with one more part of it: what a tool gave ends a step, and whatever comes next
 * begins another.
 */
export function withPart(draft: readonly Message[], part: ChatPart): readonly Message[] {
  const { text = '', reasoning = '', toolCall, toolResult } = part;
  if (toolResult) {
    const { toolCallId, content } = toolResult;
    return [...draft, { role: 'tool', toolCallId, content } satisfies ToolMessage];
  }
  const last = draft.at(-1);
  const open: AssistantMessage = last?.role === 'assistant' ? last : { role: 'assistant' };
  const longer: AssistantMessage = {
    role: 'assistant',
    content: textOf(open) + text,
    reasoning: (open.reasoning ?? '') + reasoning,
    toolCalls: toolCall ? [...(open.toolCalls ?? []), toolCall] : open.toolCalls,
  };
  return [...(open === last ? draft.slice(0, -1) : draft), longer];
}
