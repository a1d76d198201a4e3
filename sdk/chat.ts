// gptlet/chat: conversations that are kept, and the prompts that are made of them.
export { type ApplyChatTemplateOptions, applyChatTemplate } from './chat/apply-chat-template.ts';
export type { Chat, CreateChatOptions } from './chat/chat.ts';
export { createChat } from './chat/create-chat.ts';
export type { ChatModel, ChatOptions } from './loaded-model/chat-options.ts';
export type { ChatPart, ChatResult, Chatting, ToolResult } from './loaded-model/chatting.ts';
export type {
  AssistantMessage,
  Message,
  SystemMessage,
  TextContent,
  ToolCall,
  ToolMessage,
  UserMessage,
} from './loaded-model/message.ts';
export type { StreamedRun } from './loaded-model/streamed-run.ts';
export type { JsonSchema, StandardJsonSchema, StandardResult, Tool, ToolChoice, Tools } from './loaded-model/tool.ts';
