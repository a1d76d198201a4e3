import { abortable } from '../platform/abortable.ts';
import { anySignal } from './any-signal.ts';
import { Conversation } from './conversation.ts';
import type {
  LanguageModelPrompt,
  LanguageModelPromptOptions,
  LanguageModelSamplingMode,
  LanguageModelSignalOptions,
} from './dictionaries.ts';
import { toDomException } from './errors.ts';
import { getHandler, setHandler } from './event-handlers.ts';
import { readConstraint } from './read-constraint.ts';
import { type ReadPrompt, readPrompt, refuseLateSystem } from './read-prompt.ts';
import { dictionary, signalOf } from './web-idl.ts';

type OverflowHandler = ((event: Event) => unknown) | null;

/**
 * A session, as the Prompt API has it: https://webmachinelearning.github.io/prompt-api/#the-languagemodel-class. Prompts are
 * answered one after the other. Comes from `create` of a class that {@link createLanguageModel} makes.
 */
export class LanguageModel extends EventTarget {
  readonly #conversation: Conversation;
  readonly #samplingMode: LanguageModelSamplingMode;
  readonly #destroyed: AbortController = new AbortController();
  /** Is fulfilled when all that was asked so far is done. */
  #queue: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(conversation: Conversation, samplingMode: LanguageModelSamplingMode, signal?: AbortSignal) {
    if (!(conversation instanceof Conversation))
      throw new TypeError('Illegal constructor: use LanguageModel.create().');
    super();
    this.#conversation = conversation;
    this.#samplingMode = samplingMode;
    signal?.addEventListener('abort', () => this.#destroyed.abort(signal.reason), { once: true });
  }

  get [Symbol.toStringTag](): string {
    return 'LanguageModel';
  }

  /** Tokens that the conversation takes. */
  get contextUsage(): number {
    return this.#conversation.usage;
  }

  /** Tokens that there is room for. */
  get contextWindow(): number {
    return this.#conversation.window;
  }

  get samplingMode(): LanguageModelSamplingMode {
    return this.#samplingMode;
  }

  /** Is called when the oldest prompts are dropped to make room; the initial ones stay. */
  get oncontextoverflow(): OverflowHandler {
    return getHandler(this, 'contextoverflow');
  }

  set oncontextoverflow(handler: OverflowHandler) {
    setHandler(this, 'contextoverflow', handler);
  }

  /** The older name of {@link contextUsage}. */
  get inputUsage(): number {
    return this.contextUsage;
  }

  /** The older name of {@link contextWindow}. */
  get inputQuota(): number {
    return this.contextWindow;
  }

  /** The older name of {@link oncontextoverflow}. */
  get onquotaoverflow(): OverflowHandler {
    return getHandler(this, 'quotaoverflow');
  }

  set onquotaoverflow(handler: OverflowHandler) {
    setHandler(this, 'quotaoverflow', handler);
  }

  /**
   * The model's answer. Prompt and answer stay in the session.
   *
   * @throws what https://webmachinelearning.github.io/prompt-api/#language-model-errors says, an abort's reason
   */
  async prompt(input: LanguageModelPrompt, options?: LanguageModelPromptOptions): Promise<string> {
    return this.#answer(input, options, undefined, () => {});
  }

  /** {@link prompt}, in pieces as they come. Cancelling the stream stops the answer. */
  promptStreaming(input: LanguageModelPrompt, options?: LanguageModelPromptOptions): ReadableStream<string> {
    for (const signal of [this.#destroyed.signal, signalOf(dictionary(options, 'options'))]) signal?.throwIfAborted();
    const cancelled = new AbortController();
    return new ReadableStream<string>({
      start: (controller) => {
        this.#answer(input, options, cancelled.signal, (text) => controller.enqueue(text)).then(
          () => controller.close(),
          (error: unknown) => cancelled.signal.aborted || controller.error(error),
        );
      },
      cancel: (reason) => cancelled.abort(reason),
    });
  }

  /** Adds to the conversation what is not to be answered yet. */
  async append(input: LanguageModelPrompt, options?: LanguageModelSignalOptions): Promise<undefined> {
    const signal = signalOf(dictionary(options, 'options'));
    const { messages } = readPrompt(input);
    await this.#perform([signal], (any) => {
      refuseLateSystem(messages, this.#conversation.isEmpty);
      return this.#conversation.append(messages, any, () => this.#overflow());
    });
  }

  /** Tokens that a prompt would take. */
  async measureContextUsage(input: LanguageModelPrompt, options?: LanguageModelPromptOptions): Promise<number> {
    const read = dictionary(options, 'options');
    const signal = signalOf(read);
    const { messages } = withInstruction(readPrompt(input), readConstraint(read)?.instruction);
    refuseLateSystem(messages, true);
    return this.#unlessAborted([signal], () => this.#conversation.measure(messages));
  }

  /** The older name of {@link measureContextUsage}. */
  async measureInputUsage(input: LanguageModelPrompt, options?: LanguageModelPromptOptions): Promise<number> {
    return this.measureContextUsage(input, options);
  }

  /** A second session that begins with what was said in this one. */
  async clone(options?: LanguageModelSignalOptions): Promise<this> {
    const signal = signalOf(dictionary(options, 'options'));
    return this.#unlessAborted([signal], async () => {
      const Own = this.constructor as new (...state: ConstructorParameters<typeof LanguageModel>) => this;
      return new Own(this.#conversation.clone(), this.#samplingMode);
    });
  }

  /**
   * Ends the session: what runs, and what is asked later, rejects with an InvalidStateError. (So do Chromium and the web-platform
   * tests; the specification's draft says AbortError.)
   */
  destroy(): undefined {
    this.#destroyed.abort(new DOMException('The session was destroyed.', 'InvalidStateError'));
  }

  async #answer(
    input: LanguageModelPrompt,
    options: LanguageModelPromptOptions | undefined,
    cancelled: AbortSignal | undefined,
    onText: (text: string) => void,
  ): Promise<string> {
    const read = dictionary(options, 'options');
    const constraint = readConstraint(read);
    const prompt = withInstruction(readPrompt(input), constraint?.instruction);
    return this.#perform([signalOf(read), cancelled], (signal) => {
      refuseLateSystem(prompt.messages, this.#conversation.isEmpty);
      const onDrop = (): void => this.#overflow();
      return this.#conversation.answer(prompt, constraint, { onText, onDrop, signal });
    });
  }

  /** Does `work` when all that was asked before is done. */
  #perform<T>(signals: (AbortSignal | undefined)[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#unlessAborted(signals, (signal) => {
      const turn = this.#queue.then(() => {
        signal.throwIfAborted();
        return work(signal);
      });
      this.#queue = turn.catch(() => {});
      return turn;
    });
  }

  async #unlessAborted<T>(signals: (AbortSignal | undefined)[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, release } = anySignal([this.#destroyed.signal, ...signals]);
    try {
      signal.throwIfAborted();
      return await abortable(work(signal), signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : toDomException(error, 'UnknownError');
    } finally {
      release();
    }
  }

  #overflow(): void {
    this.dispatchEvent(new Event('contextoverflow'));
    this.dispatchEvent(new Event('quotaoverflow'));
  }
}

/** Tells the model what is asked of its answer, at the end of what the user said last. */
function withInstruction({ messages, continues }: ReadPrompt, instruction: string = ''): ReadPrompt {
  const last = messages.map(({ role }) => role).lastIndexOf('user');
  return {
    continues,
    messages: messages.map((message, i) =>
      i === last ? { ...message, content: message.content + instruction } : message,
    ),
  };
}
