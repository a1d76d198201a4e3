// gptlet/ai-sdk: a provider for the AI SDK (`ai` 7), whose models run in the page.

export type { GptletCallOptions } from './ai-sdk/chat-options-of.ts';
export { createGptlet, type GptletOptions, type GptletProvider } from './ai-sdk/create-gptlet.ts';
