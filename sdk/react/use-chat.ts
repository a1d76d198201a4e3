import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatResult } from '../loaded-model/chatting.ts';
import type { Message, ToolMessage, UserMessage } from '../loaded-model/message.ts';
import { ChatStore, type ConversationOptions } from './chat-store.ts';
import type { RunStatus } from './run-store.ts';

/** Options of `createChat`, for every answer as they are in the last render, and the model. */
export interface UseChatOptions extends ConversationOptions {
  /** As `useModel` has it: what is sent before it is there waits for it. */
  model: ChatModel | null | undefined;
  /** How the conversation begins, without what `system` says. @default [] */
  initialMessages?: readonly Message[];
}

/** Options of one answer; they win over those of the hook. */
export type AnswerOptions = Omit<ChatOptions, 'signal'>;

/** What answers: it stops an answer that runs. Resolves with undefined where it failed, which `error` tells, or was stopped; never rejects. */
type Answer = Promise<ChatResult | undefined>;

export interface UseChatResult {
  /** The conversation without what `system` says. Text, reasoning, calls and results stream into the last ones. */
  readonly messages: readonly Message[];
  /** Adds a message and has it answered; or results of tools that have no `execute`. */
  readonly send: (message: string | UserMessage | readonly ToolMessage[], options?: AnswerOptions) => Answer;
  /** Answers the last user's message again, also after an error. */
  readonly regenerate: (options?: AnswerOptions) => Answer;
  /** Puts another text in the place of a user's message and has it answered; all that came after it goes. */
  readonly edit: (index: number, content: UserMessage['content'], options?: AnswerOptions) => Answer;
  /** Ends the answer that runs; what came until then stays. */
  readonly stop: () => void;
  /** Puts other messages there, or what a function makes of those that are there; stops an answer that runs. */
  readonly setMessages: (messages: readonly Message[] | ((before: readonly Message[]) => readonly Message[])) => void;
  /** 'submitted' until the answer's first part, also while the model loads. */
  readonly status: RunStatus;
  /** 'submitted' or 'streaming'. */
  readonly isLoading: boolean;
  /** What the last answer failed with. Its question stays among the messages. */
  readonly error: Error | undefined;
  /** What the model thought before the last answer; '' where that is none. */
  readonly reasoning: string;
}

/**
 * A conversation. Answers stream into `messages`, with at most one render a frame. The component's end stops them.
 *
 * @example
 * const { messages, send, stop, status } = useChat({ model, system: 'You are terse.' });
 */
export function useChat({ model, initialMessages = [], ...options }: UseChatOptions): UseChatResult {
  const [store] = useState(() => new ChatStore(initialMessages));
  const { messages, status, error } = useSyncExternalStore(store.subscribe, store.get, store.get);
  useEffect(() => {
    store.options = options;
    store.model.set(model);
  });
  useEffect(() => store.stop, [store]);
  const setMessages = useCallback<UseChatResult['setMessages']>(
    (next) => {
      store.stop();
      store.put({ messages: typeof next === 'function' ? next(store.get().messages) : next });
    },
    [store],
  );
  const last = messages.at(-1);
  return {
    messages,
    send: store.send,
    regenerate: store.regenerate,
    edit: store.edit,
    stop: store.stop,
    setMessages,
    status,
    isLoading: status === 'submitted' || status === 'streaming',
    error,
    reasoning: (last?.role === 'assistant' && last.reasoning) || '',
  };
}
