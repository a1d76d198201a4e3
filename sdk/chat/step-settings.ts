import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart } from '../loaded-model/chatting.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import type { ToolNotation } from './notations/tool-notation.ts';
import type { ReadTool } from './read-tools.ts';

/** How a conversation is written down. */
export interface TemplateSettings {
  /** Jinja, or 'plain'. */
  readonly template: string;
  /** All that may be called. */
  readonly tools: readonly ReadTool[];
  /** How calls are written; undefined without tools. */
  readonly notation: ToolNotation | undefined;
  /** Whether the template lists the tools itself. */
  readonly listsTools: boolean;
  /** Adds to a conversation what the model has to know of the tools, where the template does not say it. */
  readonly describe: (messages: readonly Message[]) => readonly Message[];
}

/** How a conversation's answers are made, the same for all its steps. */
export interface StepSettings extends TemplateSettings {
  readonly model: GptModel;
  /** Checked. */
  readonly options: ChatOptions;
  readonly onPart: (part: ChatPart) => void;
  readonly signal: AbortSignal;
}

/** Tokens of an answer, where nobody says: more than a chat wants, less than a model that does not end would take. */
export const mostTokens = 1024;
