import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { Message } from '../loaded-model/message.ts';
import { checkOptions } from '../options/check-options.ts';
import { chatOptions } from '../options/table.ts';
import { checkMessages } from './check-messages.ts';

/** Checks a conversation, the options of its answer, and what they say of each other. @throws GptletError INVALID_OPTION */
export function checkChat(messages: readonly Message[], given: ChatOptions): ChatOptions {
  checkMessages(messages);
  const options: ChatOptions = checkOptions(chatOptions(), given);
  const { tools = {}, toolChoice = 'auto' } = options;
  if (typeof toolChoice === 'object' && !Object.hasOwn(tools, toolChoice.tool))
    throw invalid(
      'toolChoice.tool',
      toolChoice.tool,
      `one of the tools: ${Object.keys(tools).join(', ') || 'there are none'}`,
    );
  if (toolChoice === 'required' && Object.keys(tools).length === 0)
    throw new GptletError('INVALID_OPTION', "toolChoice is 'required', but there are no tools; give some in 'tools'.");
  if (options.continueMessage && messages[messages.length - 1].role !== 'assistant')
    throw new GptletError('INVALID_OPTION', "continueMessage needs an assistant's message at the end of 'messages'.");
  return options;
}
