import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { Chatting } from '../loaded-model/chatting.ts';
import type { Message, ToolMessage, UserMessage } from '../loaded-model/message.ts';

export interface CreateChatOptions extends ChatOptions {
  /** What the model is told before all else. */
  readonly system?: string;
  /** How the conversation begins. @default [] */
  readonly messages?: readonly Message[];
  /**
   * When the messages, and room for an answer, outgrow the model's context: 'drop-oldest' leaves the oldest turns out of the
   * prompt, 'error' rejects with CONTEXT_OVERFLOW, a function gives the messages to go on with instead, such as a summary.
   * @default 'drop-oldest'
   */
  readonly onOverflow?:
    | 'drop-oldest'
    | 'error'
    | ((messages: readonly Message[]) => readonly Message[] | Promise<readonly Message[]>);
}

/** A conversation that is kept. Turns after the first pay only for what is new; calls are answered one after the other. */
export interface Chat {
  readonly messages: readonly Message[];
  /** Adds a message and has it answered; the options win over those of the chat. An error takes the message back. */
  send(message: string | UserMessage | readonly ToolMessage[], options?: ChatOptions): Chatting;
  /** Answers the last user's message again. */
  regenerate(options?: ChatOptions): Chatting;
  /** Puts another text in the place of a user's message and has it answered; all that came after it goes. */
  edit(index: number, content: string, options?: ChatOptions): Chatting;
  /** The conversation as text, for `restore`. */
  save(): string;
  /** @throws GptletError INVALID_OPTION for a text that `save` did not make */
  restore(saved: string): void;
  /** Another conversation that begins as this one. */
  branch(): Chat;
}
