import type { GenerationResult, TokenLogprob } from './generation.ts';
import type { AssistantMessage, Message, ToolCall } from './message.ts';
import type { StreamedRun } from './streamed-run.ts';

/** What arrived since the last part: one of text, reasoning, a call or a tool's result. `text` and `reasoning` never split a character. */
export interface ChatPart {
  /** Of the answer. */
  readonly text?: string;
  /** Of what the model thinks before it answers. */
  readonly reasoning?: string;
  /** Whole; its arguments follow the tool's schema. */
  readonly toolCall?: ToolCall;
  /** What a tool's `execute` gave, as the model reads it. */
  readonly toolResult?: ToolResult;
  readonly logprobs?: TokenLogprob[];
}

export interface ToolResult {
  readonly toolCallId: string;
  readonly name: string;
  readonly content: string;
  /** Whether `execute` threw; `content` is then the error's message. */
  readonly isError: boolean;
}

/** The whole of an answer, over all its steps. */
export interface ChatResult {
  /** Of the last step. */
  readonly text: string;
  /** Of the last step; '' where it did not think. */
  readonly reasoning: string;
  /** Of the last step: those that wait for their results. */
  readonly toolCalls: readonly ToolCall[];
  /** The last step as a message. */
  readonly message: AssistantMessage;
  /** All that this call adds to the conversation: `message` last, before it calls and results of earlier steps. */
  readonly messages: readonly Message[];
  readonly finishReason: GenerationResult['finishReason'] | 'tool-calls';
  /** Sums over the steps. */
  readonly usage: {
    readonly promptTokens: number;
    /** Tokens of the prompts that the KV cache already held. */
    readonly cachedTokens: number;
    readonly generatedTokens: number;
    /** Those of them that were thought. */
    readonly reasoningTokens: number;
    /** Those of them that had to come, by a schema or a notation, and were not drawn. */
    readonly forcedTokens: number;
    /** With the option `draft`: tokens that were guessed and run. */
    readonly draftedTokens?: number;
    /** Those of them that were right. */
    readonly acceptedTokens?: number;
  };
  readonly timings: GenerationResult['timings'];
  /** Of the answers' texts, with the option `logprobs`. */
  readonly logprobs?: TokenLogprob[];
}

/**
 * An answer in waiting: await it for the whole, or iterate it for the stream. It starts lazily, with the first of either, and both
 * views share one run. An abort is an ending, not an error: what was said until then stays.
 *
 * @example
 * for await (const { text } of model.chat([{ role: 'user', content: 'Hello!' }])) if (text) bubble.append(text);
 */
export interface Chatting extends StreamedRun<ChatPart, ChatResult> {}
