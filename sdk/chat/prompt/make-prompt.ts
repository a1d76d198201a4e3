import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { Message } from '../../loaded-model/message.ts';
import type { ReadTool } from '../read-tools.ts';
import { plain } from './choose-template.ts';
import { plainPrompt } from './plain-prompt.ts';
import { rememberedIds } from './prompt-memory.ts';
import { renderTemplate } from './render-template.ts';
import { templateMessages, templateTools } from './template-messages.ts';
import { TextGuard } from './text-guard.ts';
import { wantsArgumentsAsText } from './wants-arguments-as-text.ts';

/** What a prompt is made with beside the messages. */
export interface PromptSettings {
  /** Jinja, or 'plain'. */
  readonly template: string;
  /** Those that the template is to list. */
  readonly tools: readonly ReadTool[];
  /** Undefined leaves it to the template. */
  readonly thinking: boolean | undefined;
  /** Whether the beginning of an answer stands at the end. */
  readonly addGenerationPrompt: boolean;
  /** Whether the last message, an assistant's, is left open. */
  readonly continueMessage: boolean;
}

export interface ChatPrompt {
  readonly text: string;
  /** With the guard's marks, as conversations are remembered. */
  readonly marked: string;
  readonly tokenIds: Uint32Array;
}

/** Stands where a message that is to go on has its end; a noncharacter other than the guard's, which begin at the other end. */
const openEnd = '\u{1fffe}';

/** The prompt of a conversation, as text and as ids: special are those tokens that the template wrote, and no others. */
export async function makePrompt(
  model: Pick<GptModel, 'tokenizer' | 'chatFormat'>,
  messages: readonly Message[],
  settings: PromptSettings,
): Promise<ChatPrompt> {
  const guard = new TextGuard(model.tokenizer, JSON.stringify([messages, settings.tools]));
  const calls = messages.some((message) => message.role === 'assistant' && message.toolCalls?.length);
  const argumentsAsText = calls && (await wantsArgumentsAsText(settings.template, model.chatFormat));
  const guarded = templateMessages(messages, (text) => guard.guard(text), argumentsAsText);
  if (settings.continueMessage) {
    const last = guarded[guarded.length - 1];
    guarded[guarded.length - 1] = { ...last, content: last.content + openEnd };
  }
  const addGenerationPrompt = settings.addGenerationPrompt && !settings.continueMessage;
  const rendered =
    settings.template === plain
      ? plainPrompt(guarded, addGenerationPrompt)
      : await renderTemplate(settings.template, {
          ...model.chatFormat.tokens,
          messages: guarded,
          // What the hub's library passes where there are none.
          tools: settings.tools.length > 0 ? templateTools(settings.tools, (text) => guard.guard(text)) : null,
          documents: null,
          add_generation_prompt: addGenerationPrompt,
          // The two names that there are for one switch.
          ...(settings.thinking !== undefined && { enable_thinking: settings.thinking, thinking: settings.thinking }),
        });
  const prompt = settings.continueMessage ? rendered.slice(0, rendered.lastIndexOf(openEnd)) : rendered;
  const addSpecial = settings.template === plain;
  return {
    text: guard.unguard(prompt),
    marked: prompt,
    tokenIds:
      rememberedIds(model, prompt, (rest) => guard.encode(rest, true)) ??
      (addSpecial ? model.tokenizer.encode(guard.unguard(prompt)) : guard.encode(prompt, false)),
  };
}
