import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';

/**
 * Tokens that messages take in the context, those that the template puts around them included.
 *
 * @param addGenerationPrompt whether the beginning of an answer counts
 */
export async function countTokens(
  model: GptModel,
  messages: readonly Message[],
  { tools, template }: Pick<ChatOptions, 'tools' | 'template'>,
  addGenerationPrompt: boolean = false,
): Promise<number> {
  if (messages.length === 0) return 0;
  const { applyChatTemplate } = await import('../chat/apply-chat-template.ts');
  try {
    const { tokenIds } = await applyChatTemplate(model, messages, { tools, template, addGenerationPrompt });
    return tokenIds.length;
  } catch (error) {
    if (!GptletError.isInstance(error) || error.code !== 'INVALID_OPTION') throw error;
    // Some templates refuse what is no whole conversation, such as a system message alone.
    return messages.reduce((sum, { content }) => sum + model.tokenizer.count(textOf(content)), 0);
  }
}

const textOf = (content: Message['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');
