import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import { textOf } from './check-messages.ts';
import { chooseTemplate } from './prompt/choose-template.ts';
import { switchesThinking } from './prompt/switches-thinking.ts';
import type { ReadTool } from './read-tools.ts';
import type { TemplateSettings } from './step-settings.ts';

/** What the answers of a conversation are made with, and the conversation with its tools told where the template does not. */
export async function settingsOf(
  model: Pick<GptModel, 'chatFormat'>,
  options: Pick<ChatOptions, 'template' | 'thinking'>,
  tools: readonly ReadTool[],
): Promise<TemplateSettings> {
  const template = chooseTemplate(model.chatFormat, options.template, tools.length > 0);
  if (options.thinking !== undefined && !switchesThinking(template))
    throw new GptletError(
      'INVALID_OPTION',
      "This model's template has no switch for thinking; leave the option 'thinking' out.",
    );
  if (tools.length === 0) return { template, tools, notation: undefined, listsTools: false, describe: (all) => all };
  const { notationOf, describeTools, spellOutCalls } = await import('./notations/notations.ts');
  const { notation, listsTools } = notationOf(template);
  for (const tool of tools) notation.check?.(tool);
  return {
    template,
    tools,
    notation,
    listsTools,
    describe: (messages) => {
      const told = spellOutCalls(template, notation, messages);
      return listsTools ? told : withSystemText(told, describeTools(tools));
    },
  };
}

/** Puts a text at the end of the system message, which is made where there is none. */
function withSystemText(messages: readonly Message[], text: string): readonly Message[] {
  const [first, ...rest] = messages;
  if (first.role !== 'system' && first.role !== 'developer') return [{ role: 'system', content: text }, ...messages];
  return [{ role: 'system', content: `${textOf(first.content)}\n\n${text}` }, ...rest];
}
