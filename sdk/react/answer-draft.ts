import type { ChatPart } from '../loaded-model/chatting.ts';
import type { AssistantMessage, Message } from '../loaded-model/message.ts';

/** The messages that an answer adds to its conversation, as far as its parts have come. */
export class AnswerDraft {
  readonly #messages: Message[] = [];

  /** A copy; what has not changed is the same object as before. */
  get messages(): Message[] {
    return [...this.#messages];
  }

  add({ text, reasoning, toolCall, toolResult }: ChatPart): void {
    if (toolResult) {
      const { toolCallId, content } = toolResult;
      this.#messages.push({ role: 'tool', toolCallId, content });
    }
    if (!text && !reasoning && !toolCall) return;
    // Behind results of tools comes the next step's answer.
    if (this.#messages.at(-1)?.role !== 'assistant') this.#messages.push({ role: 'assistant', content: '' });
    const answer = this.#messages[this.#messages.length - 1] as AssistantMessage;
    this.#messages[this.#messages.length - 1] = {
      ...answer,
      ...(text && { content: answer.content + text }),
      ...(reasoning && { reasoning: (answer.reasoning ?? '') + reasoning }),
      ...(toolCall && { toolCalls: [...(answer.toolCalls ?? []), toolCall] }),
    };
  }
}

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
