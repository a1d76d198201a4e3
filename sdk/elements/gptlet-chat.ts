import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { Message } from '../loaded-model/message.ts';
import type { Tools } from '../loaded-model/tool.ts';
import { chatStyle } from './chat-style.ts';
import { ChatView } from './chat-view.ts';
import { Conversation } from './conversation.ts';
import { GptletElement } from './gptlet-element.ts';
import { isComposing } from './is-composing.ts';
import type { RenderMarkdown } from './message-item.ts';
import { chatTexts, textAttributes } from './say.ts';

/**
 * `<gptlet-chat model="owner/name">`: a conversation with a model that runs in the page. The model is loaded with the first message, or
 * at once with the attribute `preload`. docs/elements.md lists attributes, events, parts and custom properties.
 */
export class GptletChat extends GptletElement<ChatModel> {
  static readonly observedAttributes: readonly string[] = [
    ...['model', 'label', 'placeholder', 'disabled'],
    ...textAttributes(chatTexts),
  ];

  /** What the model may call; a call without `execute` ends the answer. */
  tools: Tools | undefined;
  /** Of every answer: temperature, thinking, maxNewTokens … */
  options: ChatOptions | undefined;

  readonly #conversation: Conversation = new Conversation({
    ready: (signal) => this.#readyToChat(signal),
    settings: () => ({
      system: this.getAttribute('system') ?? undefined,
      options: { ...this.options, ...(this.tools && { tools: this.tools }) },
    }),
    onChange: (isDraft) => (isDraft ? this.#drawSoon() : this.update()),
    onMessage: (message) => {
      this.internals.setFormValue(this.value);
      this.emit('message', { message });
    },
    // The log itself is silent, since it changes with every token.
    onAnswer: ({ text }) => this.announce(text),
    onError: (error) => this.failed(error),
  });
  readonly #view: ChatView;
  #renderMarkdown: RenderMarkdown | undefined;
  #drawing: number | undefined;

  constructor() {
    super({
      style: chatStyle,
      texts: chatTexts,
      delegatesFocus: false,
      method: 'chat',
      load: async (source, options) => (await import('../api/load-model.ts')).loadModel(source, options),
    });
    const lines = { load: this.loadLine, problem: this.problemLine.element };
    this.#view = new ChatView(this.root, lines, {
      onSend: (text) => this.send(text),
      onStop: () => this.stop(),
      onAgain: () => this.retry(),
      onCopy: async (text) => {
        await navigator.clipboard.writeText(text);
        this.announce(this.say('copied'));
      },
    });
    this.root.addEventListener('keydown', (event) => this.#onKey(event as KeyboardEvent));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whoever asks later hears of what goes wrong now.
    if (this.hasAttribute('preload')) this.ready(new AbortController().signal).catch(() => {});
  }

  formResetCallback(): void {
    this.messages = [];
  }

  /** What the browser kept over a reload or a step in its history. */
  formStateRestoreCallback(state: unknown): void {
    if (typeof state === 'string') this.messages = JSON.parse(state);
  }

  /** The conversation so far. Setting it ends an answer that is being written. */
  get messages(): readonly Message[] {
    return this.#conversation.messages;
  }

  set messages(messages: readonly Message[]) {
    this.#conversation.replace([...messages]);
    this.internals.setFormValue(this.value);
  }

  /** Shows answers as Markdown. What it returns is shown as it is: sanitise it, for a model may write anything. */
  get renderMarkdown(): RenderMarkdown | undefined {
    return this.#renderMarkdown;
  }

  set renderMarkdown(render: RenderMarkdown | undefined) {
    this.#renderMarkdown = render;
    this.update();
  }

  /** What a form sends under the element's `name`: the messages as JSON. */
  get value(): string {
    return JSON.stringify(this.messages);
  }

  /** Sends a message as if the visitor had. Resolves when the answer has ended, however it did. */
  async send(text: string): Promise<void> {
    this.#view.scrollToEnd();
    await this.#conversation.send(text);
  }

  /** Answers the visitor's last message once more. */
  async regenerate(): Promise<void> {
    await this.#conversation.regenerate();
  }

  /** Ends the answer that is being written, or the load that it waits for. What was said of it stays. */
  override stop(): void {
    this.#conversation.stop();
  }

  override focus(options?: FocusOptions): void {
    this.#view.composer.input.focus(options);
  }

  protected override retry(): void {
    this.#view.composer.focusButton();
    this.regenerate();
  }

  protected override update(): void {
    cancelAnimationFrame(this.#drawing ?? 0);
    this.#drawing = undefined;
    const { problem } = this.#conversation;
    this.problemLine.show(problem === 'stopped' ? this.say('stopped') : problem?.error, this.say);
    this.#view.update({
      conversation: this.#conversation,
      isDisabled: this.isDisabled,
      label: this.label,
      placeholder: this.getAttribute('placeholder') ?? this.say('placeholder'),
      renderMarkdown: this.#renderMarkdown,
      say: this.say,
    });
  }

  /** Tokens may come faster than frames. */
  #drawSoon(): void {
    this.#drawing ??= requestAnimationFrame(() => this.update());
  }

  async #readyToChat(signal: AbortSignal): Promise<ChatModel> {
    try {
      return await this.ready(signal);
    } catch (error) {
      // Whoever stops an answer that waits for a download wants no download.
      if (signal.aborted) this.letGo();
      throw error;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.#conversation.isRunning || isComposing(event)) return;
    // A dialog around it does not close by the same key.
    event.preventDefault();
    event.stopPropagation();
    this.stop();
  }
}
