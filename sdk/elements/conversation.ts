import type { Chat, createChat } from '../chat/create-chat.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatResult, Chatting } from '../loaded-model/chatting.ts';
import type { Message, UserMessage } from '../loaded-model/message.ts';
import { beforeLastAnswer, withPart } from './answer-draft.ts';

/** What a conversation needs of the element that shows it. */
export interface ConversationHost {
  readonly ready: (signal: AbortSignal) => Promise<ChatModel>;
  readonly settings: () => { readonly system: string | undefined; readonly options: ChatOptions };
  /** All of it may have changed, or with `isDraft` only what is being written. */
  readonly onChange: (isDraft: boolean) => void;
  readonly onMessage: (message: Message) => void;
  /** An answer has ended, also where it was stopped. */
  readonly onAnswer: (result: ChatResult) => void;
  readonly onError: (error: unknown) => void;
}

/** Why there is no answer: an error, or the visitor, who stopped it before there was one. */
export type Problem = { readonly error: unknown } | 'stopped';

/** Messages, the answer that is being written, and what went wrong with it. */
export class Conversation {
  messages: readonly Message[] = [];
  /** What has come of the answer. It stays when the answer fails, until the next is begun. */
  draft: readonly Message[] = [];
  problem: Problem | undefined;
  readonly #host: ConversationHost;
  #running: AbortController | undefined;
  #kept: { readonly chat: Chat; readonly model: ChatModel; readonly system: string | undefined } | undefined;

  constructor(host: ConversationHost) {
    this.#host = host;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async send(text: string): Promise<void> {
    if (this.isRunning) return;
    // A message that got no answer gives way: most models know no two turns of a user in a row.
    if (this.problem) this.messages = this.messages.slice(0, -1);
    this.#add({ role: 'user', content: text });
    await this.#answer();
  }

  /** Answers the last message of the user once more. */
  async regenerate(): Promise<void> {
    const messages = beforeLastAnswer(this.messages);
    if (this.isRunning || messages.length === 0) return;
    this.messages = messages;
    await this.#answer();
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Goes on from other messages. What runs ends without an ending that anybody sees. */
  replace(messages: readonly Message[]): void {
    this.stop();
    this.#running = undefined;
    this.messages = messages;
    this.draft = [];
    this.problem = undefined;
    this.#host.onChange(false);
  }

  async #answer(): Promise<void> {
    const stop = new AbortController();
    const isCurrent = (): boolean => this.#running === stop;
    this.#running = stop;
    this.draft = [];
    this.problem = undefined;
    this.#host.onChange(false);
    try {
      const result = await this.#run(stop.signal, isCurrent);
      if (isCurrent()) this.#end(result);
    } catch (error) {
      if (!isCurrent()) return;
      this.#running = undefined;
      this.problem = stop.signal.aborted ? 'stopped' : { error };
      if (!stop.signal.aborted) this.#host.onError(error);
    }
    this.#host.onChange(false);
  }

  async #run(signal: AbortSignal, isCurrent: () => boolean): Promise<ChatResult> {
    const [model, core] = await Promise.all([this.#host.ready(signal), import('../chat/create-chat.ts')]);
    const answer = this.#begin(model, core.createChat, signal);
    for await (const part of answer) {
      if (!isCurrent()) break;
      this.draft = withPart(this.draft, part);
      this.#host.onChange(true);
    }
    return answer;
  }

  /** Goes on with the chat of the last answer, which knows what its prompt left out already, or begins one. */
  #begin(model: ChatModel, create: typeof createChat, signal: AbortSignal): Chatting {
    const { system, options } = this.#host.settings();
    const before = this.messages.slice(0, -1);
    const last = this.messages[before.length] as UserMessage;
    const chat = this.#kept?.model === model && this.#kept.system === system ? this.#kept.chat : undefined;
    const known = chat?.messages.slice(system === undefined ? 0 : 1) ?? [];
    const goesOn = before.every((message, i) => message === known[i]);
    if (chat && goesOn && known.length === before.length) return chat.send(last, { ...options, signal });
    if (chat && goesOn && known[before.length] === last) return chat.regenerate({ ...options, signal });
    const begun = create(model, { system, messages: this.messages });
    this.#kept = { chat: begun, model, system };
    return begun.regenerate({ ...options, signal });
  }

  #end(result: ChatResult): void {
    this.#running = undefined;
    this.draft = [];
    const said = result.messages.filter((message) => !isEmpty(message));
    if (said.length === 0 && result.finishReason === 'aborted') this.problem = 'stopped';
    for (const message of said) this.#add(message);
    this.#host.onAnswer(result);
  }

  #add(message: Message): void {
    this.messages = [...this.messages, message];
    this.#host.onMessage(message);
  }
}

/** An answer that was stopped before its first word. */
const isEmpty = (message: Message): boolean =>
  message.role === 'assistant' && !message.content && !message.reasoning && !message.toolCalls?.length;
