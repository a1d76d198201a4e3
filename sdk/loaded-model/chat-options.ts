import type { Chatting } from './chatting.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { Message } from './message.ts';
import type { ToolChoice, Tools } from './tool.ts';

/**
 * Options of one answer. Those of `generate` mean the same for the answer's text: `constraint` and `stop` do not hold for what it
 * thinks or calls. `maxNewTokens` counts all of it, and is 1,024 here where nobody says.
 */
export interface ChatOptions
  extends Omit<GenerateOptions, 'numBeams' | 'lengthPenalty' | 'earlyStopping' | 'numSequences'> {
  readonly tools?: Tools;
  /** @default 'auto' */
  readonly toolChoice?: ToolChoice;
  /** Whether an answer may call more than one tool. @default true */
  readonly parallelToolCalls?: boolean;
  /** Whether the model thinks before it answers, where its template can switch that. @default as the template has it */
  readonly thinking?: boolean;
  /** Answers in a row, with tools' results between them, at most; tools without `execute` end it before. @default 10 */
  readonly maxSteps?: number;
  /**
   * One of the checkpoint's templates by its name; a Jinja template; or 'plain', for a model that has none: `User: …` and
   * `Assistant: …` on lines of their own. @default the checkpoint's, with tools its 'tool_use' where there is one
   */
  readonly template?: string;
  /** The last message is the assistant's and is to be continued, instead of answered. @default false */
  readonly continueMessage?: boolean;
}

/** A model that one can talk to: a loaded one, or one of a server. */
export interface ChatModel {
  chat(messages: readonly Message[], options?: ChatOptions): Chatting;
}
