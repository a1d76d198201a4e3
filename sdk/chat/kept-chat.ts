import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { Chatting } from '../loaded-model/chatting.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message, ToolMessage, UserMessage } from '../loaded-model/message.ts';
import { createStreamedRun } from '../loaded-model/streamed-run.ts';
import { applyChatTemplate } from './apply-chat-template.ts';
import type { Chat, CreateChatOptions } from './chat.ts';
import { checkMessages } from './check-messages.ts';
import { withoutOldest } from './fit-messages.ts';
import { nothingSaid } from './nothing-said.ts';
import { mostTokens } from './step-settings.ts';

/** A conversation with a model; what it is given has been checked. */
export class KeptChat implements Chat {
  readonly #model: ChatModel;
  readonly #options: ChatOptions;
  readonly #onOverflow: NonNullable<CreateChatOptions['onOverflow']>;
  #messages: readonly Message[];
  /** What the prompt leaves out already; so that it begins the same in the next turn. */
  #dropped: ReadonlySet<Message> = new Set();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    model: ChatModel,
    messages: readonly Message[],
    options: ChatOptions,
    onOverflow: NonNullable<CreateChatOptions['onOverflow']>,
  ) {
    this.#model = model;
    this.#messages = messages;
    this.#options = options;
    this.#onOverflow = onOverflow;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  send(message: string | UserMessage | readonly ToolMessage[], options?: ChatOptions): Chatting {
    return this.#answer(options, (before) => [
      ...before,
      ...(typeof message === 'string' ? [{ role: 'user' as const, content: message }] : [message].flat()),
    ]);
  }

  regenerate(options?: ChatOptions): Chatting {
    return this.#answer(options, (before) => {
      const last = before.findLastIndex(({ role }) => role === 'user');
      if (last < 0) throw new GptletError('INVALID_OPTION', 'There is no message of a user to answer again.');
      return before.slice(0, last + 1);
    });
  }

  edit(index: number, content: string, options?: ChatOptions): Chatting {
    return this.#answer(options, (before) => {
      if (before[index]?.role !== 'user') throw invalid('index', index, "that of a user's message");
      return [...before.slice(0, index), { role: 'user', content }];
    });
  }

  save(): string {
    return JSON.stringify({ version: 1, messages: this.#messages });
  }

  restore(saved: string): void {
    let kept: unknown;
    try {
      kept = JSON.parse(saved);
    } catch (cause) {
      throw new GptletError('INVALID_OPTION', 'saved is not JSON; give what save() gave.', { cause });
    }
    const { version, messages } = Object(kept) as { version?: unknown; messages?: readonly Message[] };
    if (version !== 1) throw invalid('saved.version', version, '1, as save() writes it');
    if (!Array.isArray(messages) || messages.length > 0) checkMessages(messages as readonly Message[]);
    this.#messages = messages as readonly Message[];
    this.#dropped = new Set();
  }

  branch(): Chat {
    return new KeptChat(this.#model, this.#messages, this.#options, this.#onOverflow);
  }

  #answer(options: ChatOptions = {}, change: (before: readonly Message[]) => readonly Message[]): Chatting {
    const all = { ...this.#options, ...options };
    return createStreamedRun(
      () => ({
        signal: all.signal ?? undefined,
        run: (onPart, signal) => {
          const run = this.#last.then(async () => {
            const before = this.#messages;
            const asked = change(before);
            this.#messages = asked;
            try {
              const answering = this.#model.chat(await this.#fitted(all), { ...all, signal });
              for await (const part of answering) onPart(part);
              const result = await answering;
              const said = result.messages.filter((message) => !isEmpty(message));
              this.#messages = [...this.#messages, ...said];
              return result;
            } catch (error) {
              if (this.#messages === asked) this.#messages = before;
              throw error;
            }
          });
          this.#last = run.catch(() => {});
          return run;
        },
      }),
      nothingSaid,
    );
  }

  /** The messages that go into the prompt. */
  async #fitted(options: ChatOptions): Promise<readonly Message[]> {
    const kept = this.#messages.filter((message) => !this.#dropped.has(message));
    const model = this.#model as Partial<GptModel> & ChatModel;
    // How much fits, a server says itself.
    if (model.contextLength === undefined || !('chatFormat' in model)) return kept;
    const { contextLength } = model;
    const room = contextLength - Math.min(options.maxNewTokens ?? mostTokens, contextLength >> 2);
    const { tools, thinking, template } = options;
    const count = async (messages: readonly Message[]): Promise<number> =>
      (await applyChatTemplate(model as GptModel, messages, { tools, thinking, template })).tokenIds.length;
    if (this.#onOverflow === 'drop-oldest') {
      const fitting = await withoutOldest(kept, room, count);
      this.#dropped = new Set(this.#messages.filter((message) => !fitting.includes(message)));
      return fitting;
    }
    const tokens = await count(kept);
    if (tokens <= room) return kept;
    if (this.#onOverflow === 'error')
      throw new GptletError(
        'CONTEXT_OVERFLOW',
        `The conversation takes ${tokens} of the context's ${contextLength} tokens, and the answer needs some: begin anew, or have onOverflow drop the oldest turns.`,
      );
    const instead = await this.#onOverflow(kept);
    checkMessages(instead);
    this.#messages = instead;
    return instead;
  }
}

/** An answer that was aborted before its first word. */
const isEmpty = (message: Message): boolean =>
  message.role === 'assistant' && !message.content && !message.reasoning && !message.toolCalls?.length;
