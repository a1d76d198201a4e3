import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { AssistantMessage, Message } from '../loaded-model/message.ts';
import { countTokens } from './context-usage.ts';
import { quotaExceeded } from './errors.ts';
import { joinTurns } from './join-turns.ts';
import type { ResponseConstraint } from './read-constraint.ts';
import type { ReadPrompt } from './read-prompt.ts';

/** What the sessions of one model have in common with their clones. */
export interface ConversationSettings {
  readonly model: GptModel;
  /** Sampling, template and tools. */
  readonly chatOptions: ChatOptions;
}

/** What was said in a session. A context that is full drops the oldest prompts, each with its answer. */
export class Conversation {
  readonly #settings: ConversationSettings;
  /** Is never dropped: the initial prompts, or a system message that came first. */
  readonly #kept: Message[];
  /** What came with one prompt, or was appended at once. */
  #turns: readonly (readonly Message[])[];
  #usage: number;

  private constructor(settings: ConversationSettings, kept: readonly Message[], usage: number) {
    this.#settings = settings;
    this.#kept = [...kept];
    this.#turns = [];
    this.#usage = usage;
  }

  /** @throws QuotaExceededError where the context is too short for the initial prompts */
  static async begin(settings: ConversationSettings, initial: readonly Message[]): Promise<Conversation> {
    const usage = await countTokens(settings.model, joinTurns(initial), settings.chatOptions);
    const quota = settings.model.contextLength;
    if (usage > quota) throw tooLong('The initial prompts take', usage, quota);
    return new Conversation(settings, initial, usage);
  }

  clone(): Conversation {
    const copy = new Conversation(this.#settings, this.#kept, this.#usage);
    copy.#turns = this.#turns;
    return copy;
  }

  /** In tokens. */
  get usage(): number {
    return this.#usage;
  }

  /** In tokens: for all that was said, and the answers. */
  get window(): number {
    return this.#settings.model.contextLength;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0 && this.#turns.length === 0;
  }

  /** Tokens that messages would take by themselves. */
  measure(messages: readonly Message[]): Promise<number> {
    const { model, chatOptions } = this.#settings;
    return countTokens(model, joinTurns(messages), { template: chatOptions.template });
  }

  /** @param onDrop is called when earlier turns are dropped to make room */
  async append(messages: readonly Message[], signal: AbortSignal, onDrop: () => void): Promise<void> {
    await this.#makeRoom(messages, false, onDrop);
    signal.throwIfAborted();
    await this.#add(messages);
  }

  /**
   * Has the model answer. An answer that is aborted leaves nothing behind.
   *
   * @param onText is called with each piece of the answer
   * @returns the whole of it, without the prefix that it goes on with
   * @throws QuotaExceededError; DOMException SyntaxError where the context ended before the answer had the form that it must have;
   *   GptletError of `model.chat`
   */
  async answer(
    { messages, continues }: ReadPrompt,
    constraint: ResponseConstraint | undefined,
    { onText, onDrop, signal }: { onText: (text: string) => void; onDrop: () => void; signal: AbortSignal },
  ): Promise<string> {
    const { model, chatOptions } = this.#settings;
    await this.#makeRoom(messages, true, onDrop);
    signal.throwIfAborted();
    const prefix = continues ? messages[messages.length - 1].content : '';
    let text = '';
    const chatting = model.chat(joinTurns(this.#with(messages)), {
      ...chatOptions,
      constraint: constraint && { ...constraint.option, ...(prefix && { after: prefix }) },
      continueMessage: continues,
      signal,
    });
    for await (const part of chatting) {
      if (!part.text || signal.aborted) continue;
      text += part.text;
      onText(part.text);
    }
    const result = await chatting;
    signal.throwIfAborted();
    if (constraint && result.finishReason === 'length' && !constraint.isMet(prefix + text))
      throw new DOMException('The answer ended before it was what responseConstraint asks for.', 'SyntaxError');
    await this.#add(continues ? continued(messages, result.messages) : [...messages, ...result.messages]);
    return text;
  }

  #with(messages: readonly Message[]): Message[] {
    return [...this.#kept, ...this.#turns.flat(), ...messages];
  }

  async #count(messages: readonly Message[], toBeAnswered: boolean): Promise<number> {
    const { model, chatOptions } = this.#settings;
    return countTokens(model, joinTurns(messages), chatOptions, toBeAnswered);
  }

  /** Drops the oldest turns until messages fit; nothing where they would not fit even then. */
  async #makeRoom(messages: readonly Message[], toBeAnswered: boolean, onDrop: () => void): Promise<void> {
    // An answer is one token at least.
    const room = this.window - (toBeAnswered ? 1 : 0);
    for (let dropped = 0; dropped <= this.#turns.length; dropped++) {
      const turns = this.#turns.slice(dropped);
      if ((await this.#count([...this.#kept, ...turns.flat(), ...messages], toBeAnswered)) > room) continue;
      this.#turns = turns;
      if (dropped > 0) onDrop();
      return;
    }
    throw tooLong('The prompt takes', await this.#count([...this.#kept, ...messages], false), this.window);
  }

  async #add(messages: readonly Message[]): Promise<void> {
    const usage = await this.#count(this.#with(messages), false);
    const [first, ...rest] = messages;
    // Only the first message of all can be of the system.
    if (first.role === 'system') this.#kept.push(first);
    const turn = first.role === 'system' ? rest : messages;
    if (turn.length > 0) this.#turns = [...this.#turns, turn];
    this.#usage = usage;
  }
}

/** The prefix and what goes on with it are one message. */
function continued(messages: readonly Message[], answers: readonly Message[]): Message[] {
  const prefix = messages[messages.length - 1];
  const [first, ...rest] = answers as readonly [AssistantMessage, ...Message[]];
  return [...messages.slice(0, -1), { ...first, content: `${prefix.content}${first.content ?? ''}` }, ...rest];
}

const tooLong = (what: string, requested: number, quota: number): DOMException =>
  quotaExceeded(`${what} ${requested} tokens, and the context window has ${quota}.`, { requested, quota });
