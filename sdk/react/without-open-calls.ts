import type { Message } from '../loaded-model/message.ts';

/** Messages without calls that no result follows, which no template takes, nor what is empty without them. */
export function withoutOpenCalls(messages: readonly Message[]): readonly Message[] {
  const answered = new Set(messages.map((message) => (message.role === 'tool' ? message.toolCallId : undefined)));
  return messages.flatMap((message): Message[] => {
    if (message.role !== 'assistant' || !message.toolCalls?.some(({ id }) => !answered.has(id))) return [message];
    const { toolCalls, ...rest } = message;
    const kept = toolCalls.filter(({ id }) => answered.has(id));
    if (kept.length > 0) return [{ ...rest, toolCalls: kept }];
    return rest.content?.length || rest.reasoning ? [rest] : [];
  });
}
