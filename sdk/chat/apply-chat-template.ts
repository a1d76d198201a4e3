import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import { checkOptions } from '../options/check-options.ts';
import { applyChatTemplateOptions } from '../options/table.ts';
import { checkMessages } from './check-messages.ts';
import { makePrompt } from './prompt/make-prompt.ts';
import { readTools } from './read-tools.ts';
import { settingsOf } from './settings-of.ts';

export interface ApplyChatTemplateOptions
  extends Pick<ChatOptions, 'tools' | 'thinking' | 'template' | 'continueMessage'> {
  /** Whether the beginning of an answer stands at the end. @default true */
  readonly addGenerationPrompt?: boolean;
}

/**
 * The prompt that `chat` would make of messages: to look at it, or to know how many tokens a conversation takes.
 *
 * @throws GptletError INVALID_OPTION, UNSUPPORTED_MODEL, BAD_CHECKPOINT, BAD_TOKENIZER
 * @example
 * const { tokenIds } = await applyChatTemplate(model, messages);
 * bar.value = tokenIds.length / model.contextLength;
 */
export async function applyChatTemplate(
  model: GptModel,
  messages: readonly Message[],
  options: ApplyChatTemplateOptions = {},
): Promise<{ text: string; tokenIds: Uint32Array }> {
  checkMessages(messages);
  const { addGenerationPrompt = true, ...checked } = checkOptions<
    ApplyChatTemplateOptions,
    ReturnType<typeof applyChatTemplateOptions>
  >(applyChatTemplateOptions(), options);
  const tools = readTools(checked.tools ?? {});
  const { template, listsTools, describe } = await settingsOf(model, checked, tools);
  const { text, tokenIds } = await makePrompt(model, describe(messages), {
    template,
    tools: listsTools ? tools : [],
    thinking: checked.thinking,
    addGenerationPrompt,
    continueMessage: checked.continueMessage ?? false,
  });
  return { text, tokenIds };
}
