/** A piece of a message. Text models read text; parts of other kinds are refused by name. */
export interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

/** A tool that the model wants to be called. */
export interface ToolCall {
  /** Names this call in the message of its result. */
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** One message of a conversation, in the roles that everybody uses. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface SystemMessage {
  /** 'developer' is OpenAI's newer name of the same. */
  readonly role: 'system' | 'developer';
  readonly content: string | readonly TextContent[];
}

export interface UserMessage {
  readonly role: 'user';
  readonly content: string | readonly TextContent[];
}

export interface AssistantMessage {
  readonly role: 'assistant';
  /** Left out, empty or null where the message is calls alone. */
  readonly content?: string | readonly TextContent[] | null;
  /** What it thought before it answered. Templates show it to the model where their makers say so. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** What a tool gave back. */
export interface ToolMessage {
  readonly role: 'tool';
  readonly content: string | readonly TextContent[];
  /** The call's `id`. */
  readonly toolCallId: string;
}
