// gptlet/openai: OpenAI's interface over HTTP, for the official client and all others.

export type { ChatModel } from './loaded-model/chat-options.ts';
export { createOpenAIHandler, type OpenAIHandler, type OpenAIHandlerOptions } from './openai/create-openai-handler.ts';
export type { ServedModel } from './openai/served-models.ts';
