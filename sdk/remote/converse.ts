import { checkChat } from '../chat/check-chat.ts';
import { readTools } from '../chat/read-tools.ts';
import type { Step } from '../chat/run-step.ts';
import { type ForcedChoice, runSteps } from '../chat/run-steps.ts';
import { mostTokens } from '../chat/step-settings.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../loaded-model/chatting.ts';
import type { Message } from '../loaded-model/message.ts';
import { answerOnce } from './answer-once.ts';
import type { Server } from './connect-options.ts';
import { checkKept, constraintFields } from './constraint-fields.ts';
import { requestFields } from './request-fields.ts';
import { wireMessages, wireTools } from './wire-messages.ts';

/** Answers a conversation by a server; tools run here, as with a loaded model. */
export function converse(
  server: Server,
  messages: readonly Message[],
  given: ChatOptions,
  onPart: (part: ChatPart) => void,
  signal: AbortSignal,
): Promise<ChatResult> {
  const options = checkChat(messages, given);
  if (options.template !== undefined)
    throw new GptletError('INVALID_OPTION', 'template cannot be asked of a server, which has its own; leave it out.');
  const tools = options.toolChoice === 'none' ? [] : readTools(options.tools ?? {});
  const form = constraintFields(options.constraint, tools.length > 0);

  const answer = async (conversation: readonly Message[], choice: 'auto' | ForcedChoice): Promise<Step> => {
    const body = (limit: number | undefined) => () => ({
      ...requestFields(options, limit, server.dialect),
      ...form,
      ...chatFields(options),
      ...(tools.length > 0 && { tools: wireTools(tools), tool_choice: wireChoice(choice) }),
      messages: wireMessages(conversation, server.dialect),
    });
    const ask = (limit: number | undefined): Promise<Step> =>
      answerOnce(server, body(limit), !options.constraint, onPart, signal);
    const step = await ask(options.maxNewTokens ?? mostTokens).catch((error: unknown) => {
      // Nobody asked for so much: what the context has left is enough.
      const isFull = GptletError.isInstance(error) && error.code === 'CONTEXT_OVERFLOW';
      if (isFull && options.maxNewTokens === undefined) return ask(undefined);
      throw error;
    });
    // A stop text may have cut it anywhere.
    if (step.finishReason === 'stop' && !options.stop?.length) checkKept(options.constraint, step.text);
    return step;
  };
  return runSteps(answer, messages, options, onPart, signal);
}

function chatFields({ logprobs, parallelToolCalls, thinking, continueMessage }: ChatOptions): object {
  return {
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    // Of vLLM, SGLang and llama.cpp; the two names that templates have for one switch.
    ...(thinking !== undefined && { chat_template_kwargs: { enable_thinking: thinking, thinking } }),
    // Of vLLM and SGLang; llama.cpp does so by itself.
    ...(continueMessage && { continue_final_message: true, add_generation_prompt: false }),
  };
}

const wireChoice = (choice: 'auto' | ForcedChoice): unknown =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.tool } };
