import type { ChatPart } from '../loaded-model/chatting.ts';
import type { AssistantMessage, Message, ToolMessage } from '../loaded-model/message.ts';

/**
 * The messages that an answer has come to so far, with one more part of it: what a tool gave ends a step, and whatever comes next
 * begins another. What has not changed is the same object as before.
 */
export function withPart(draft: readonly Message[], part: ChatPart): readonly Message[] {
  const { text, reasoning, toolCall, toolResult } = part;
  if (toolResult) {
    const { toolCallId, content } = toolResult;
    return [...draft, { role: 'tool', toolCallId, content } satisfies ToolMessage];
  }
  if (!text && !reasoning && !toolCall) return draft;
  const last = draft.at(-1);
  const open: AssistantMessage = last?.role === 'assistant' ? last : { role: 'assistant', content: '' };
  const longer: AssistantMessage = {
    ...open,
    ...(text && { content: `${open.content}${text}` }),
    ...(reasoning && { reasoning: (open.reasoning ?? '') + reasoning }),
    ...(toolCall && { toolCalls: [...(open.toolCalls ?? []), toolCall] }),
  };
  return [...(open === last ? draft.slice(0, -1) : draft), longer];
}
