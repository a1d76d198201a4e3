import type { ChatModel, ChatOptions } from './chat-options.ts';
import type { Chatting } from './chatting.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { Generation } from './generation.ts';
import type { Prompt } from './gpt-model.ts';
import type { Message } from './message.ts';

/**
 * A model on a server that speaks OpenAI's protocol, with the calls of a loaded one. Each call is a request of its own; before the
 * first nothing is sent.
 *
 * Of `GenerateOptions` and `ChatOptions`, beams, `numSequences`, `noRepeatNgramSize`, `typicalP`, `bannedTexts`, `adapter` and `template` cannot be
 * asked of a server and are INVALID_OPTION. `topK`, `minP`, `repetitionPenalty`, `minNewTokens`, `stopTokenIds`, `thinking` and
 * `continueMessage` are no part of OpenAI's protocol: they are sent, when given, as vLLM, SGLang and llama.cpp call them; a server that
 * does not know them ignores or refuses them. What is left out is as the server has it, but for the limits of 128 and 1,024 tokens.
 *
 * Whether a server drafts is its own affair: `draft` is not sent.
 *
 * Results have no token ids: `tokenIds` is empty, and the ids of `logprobs` are -1 where the server does not tell. `usage` is what the
 * server counted, or zeros where it does not say or was not heard to the end.
 */
export interface RemoteModel extends ChatModel, AsyncDisposable {
  /** Where it runs: prompts and messages leave this machine. */
  readonly place: 'server';
  /** As the server calls it. */
  readonly name: string;
  /**
   * Continues `prompt`, by `/completions`.
   *
   * @throws (on await or iteration) GptletError NETWORK, MODEL_NOT_FOUND, INVALID_OPTION, CONTEXT_OVERFLOW, DISPOSED; INTEGRITY for a
   *   text that does not keep `constraint`
   */
  generate(prompt: Prompt, options?: GenerateOptions): Generation;
  /**
   * Answers the last of `messages`, by `/chat/completions`, in the form that the server gives to the conversation; runs tools here.
   *
   * @throws (on await or iteration) as {@link generate}; INTEGRITY for a call of a tool whose arguments are no JSON
   */
  chat(messages: readonly Message[], options?: ChatOptions): Chatting;
  /** Ends the connection: later calls reject with DISPOSED. Resolves once the calls that run have ended (abort them, to be quicker). */
  dispose(): Promise<void>;
}
