import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import { checkChat } from './check-chat.ts';
import { readTools } from './read-tools.ts';
import { runStep } from './run-step.ts';
import { runSteps } from './run-steps.ts';
import { settingsOf } from './settings-of.ts';

/** Answers a conversation by a model that is loaded here, and runs the tools that it calls. */
export async function runChat(
  model: GptModel,
  messages: readonly Message[],
  given: ChatOptions,
  onPart: (part: ChatPart) => void,
  signal: AbortSignal,
): Promise<ChatResult> {
  const options = checkChat(messages, given);
  const callable = options.toolChoice === 'none' ? [] : readTools(options.tools ?? {});
  const settings = { ...(await settingsOf(model, options, callable)), model, options, onPart, signal };
  return runSteps(
    (conversation, choice) => runStep(settings, conversation, choice),
    settings.describe(messages),
    options,
    onPart,
    signal,
  );
}
