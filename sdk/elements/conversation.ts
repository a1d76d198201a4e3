import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatResult } from '../loaded-model/chatting.ts';
import type { Message } from '../loaded-model/message.ts';
import type { ContinuedChat } from './continued-chat.ts';

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
  #last: ContinuedChat | undefined;

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
    const end = this.messages.findLastIndex(({ role }) => role === 'user') + 1;
    if (this.isRunning || end === 0) return;
    this.messages = this.messages.slice(0, end);
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
    const [model, { continueChat, withPart }] = await Promise.all([
      this.#host.ready(signal),
      import('./continued-chat.ts'),
    ]);
    const { system, options } = this.#host.settings();
    const { messages } = this;
    const { continued, answer } = continueChat(this.#last, { model, system, messages }, { ...options, signal });
    this.#last = continued;
    for await (const part of answer) {
      if (!isCurrent()) break;
      this.draft = withPart(this.draft, part);
      this.#host.onChange(true);
    }
    return answer;
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
