import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { ChatResult } from '../loaded-model/chatting.ts';
import type { Message } from '../loaded-model/message.ts';
import { beforeLastAnswer, withPart } from './answer-draft.ts';

/** What a conversation needs of the element that shows it. */
export interface ConversationHost {
  readonly ready: (signal: AbortSignal) => Promise<ChatModel>;
  readonly settings: () => { readonly system: string | null; readonly options: ChatOptions };
  /** All of it may have changed, or with `isDraft` only what is being written. */
  readonly onChange: (isDraft: boolean) => void;
  readonly onMessage: (message: Message) => void;
  /** Once an answer has ended, with whatever ended it. */
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

  /** Ends what runs, without an ending that anybody sees, and goes on from other messages. */
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
      if (this.problem !== 'stopped') this.#host.onError(error);
    }
    this.#host.onChange(false);
  }

  async #run(signal: AbortSignal, isCurrent: () => boolean): Promise<ChatResult> {
    const model = await this.#host.ready(signal);
    const { system, options } = this.#host.settings();
    const instructed = system === null || this.messages[0]?.role === 'system';
    const messages: readonly Message[] = instructed
      ? this.messages
      : [{ role: 'system', content: system }, ...this.messages];
    const answer = model.chat(messages, { ...options, signal });
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
    const isNothing = result.messages.every(({ content }) => !content?.length);
    if (result.finishReason === 'aborted' && isNothing) this.problem = 'stopped';
    else for (const message of result.messages) this.#add(message);
    this.#host.onAnswer(result);
  }

  #add(message: Message): void {
    this.messages = [...this.messages, message];
    this.#host.onMessage(message);
  }
}
