import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import type { Tools } from '../loaded-model/tool.ts';
import { chatStyle } from './chat-style.ts';
import { chatTexts } from './chat-texts.ts';
import { ChatView } from './chat-view.ts';
import { isComposing } from './composer.ts';
import { Conversation } from './conversation.ts';
import { ElementModel, type ElementLoadOptions } from './element-model.ts';
import { GptletElement, textAttributes } from './gptlet-element.ts';
import type { RenderMarkdown } from './message-item.ts';

/**
 * `<gptlet-chat model="owner/name">`: a conversation with a model that runs in the page. The model is loaded with the first message, or
 * at once with the attribute `preload`. docs/elements.md lists attributes, events, parts and custom properties.
 */
export class GptletChat extends GptletElement {
  static readonly observedAttributes: readonly string[] = [
    ...['model', 'label', 'placeholder', 'disabled'],
    ...textAttributes(chatTexts),
  ];

  /** What the model may call; a call without `execute` ends the answer. */
  tools: Tools | undefined;
  /** Of every answer: temperature, thinking, maxNewTokens … */
  options: ChatOptions | undefined;
  /** For `loadModel`, beside the attributes `backend` and `dtype`. */
  loadOptions: ElementLoadOptions | undefined;

  readonly #view: ChatView;
  readonly #model: ElementModel<ChatModel, GptModel>;
  readonly #conversation: Conversation;
  #renderMarkdown: RenderMarkdown | undefined;
  #drawing: number | undefined;

  constructor() {
    super(chatStyle, chatTexts, { delegatesFocus: false });
    this.#model = new ElementModel<ChatModel, GptModel>(
      this,
      'chat',
      async (source, options) => (await import('../api/load-model.ts')).loadModel(source, options),
      (progress) => {
        this.#view.showProgress(progress, this.say);
        this.emit('progress', progress);
      },
    );
    this.#conversation = new Conversation({
      ready: (signal) => this.#ready(signal),
      settings: () => {
        const { options, tools } = this;
        return { system: this.getAttribute('system'), options: { ...options, ...(tools && { tools }) } };
      },
      onChange: (isDraft) => (isDraft ? this.#drawSoon() : this.update()),
      onMessage: (message) => {
        this.internals.setFormValue(this.value);
        this.emit('message', { message });
      },
      onAnswer: (result) => this.#view.tell(result.text),
      onError: (error) => {
        this.#model.failed(error);
        this.emit('error', { error });
      },
    });
    this.#view = new ChatView(this.root, {
      onSend: (text) => this.send(text),
      onStop: () => this.stop(),
      onAgain: () => this.regenerate(),
    });
    this.root.addEventListener('keydown', (event) => this.#onKey(event as KeyboardEvent));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whoever asks later hears of what goes wrong now.
    if (this.hasAttribute('preload')) this.#ready(new AbortController().signal).catch(() => {});
  }

  /** Moving the element in the page takes it out for a moment: what was said and loaded stays then. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.stop();
      this.#model.release();
    });
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (name === 'model' && before !== after) this.#model.release();
    super.attributeChangedCallback(name, before, after);
  }

  formResetCallback(): void {
    this.messages = [];
  }

  /** What the browser kept over a reload or a step in its history. */
  formStateRestoreCallback(state: unknown): void {
    if (typeof state === 'string') this.messages = JSON.parse(state);
  }

  /** Where a model is, or one that is there already, which stays the page's to dispose of. @default the attribute `model` */
  get model(): ModelSource | ChatModel | undefined {
    return this.#model.source;
  }

  set model(model: ModelSource | ChatModel | undefined) {
    this.stop();
    this.#model.source = model;
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
  stop(): void {
    this.#conversation.stop();
  }

  override focus(options?: FocusOptions): void {
    this.#view.composer.input.focus(options);
  }

  protected override update(): void {
    cancelAnimationFrame(this.#drawing ?? 0);
    this.#drawing = undefined;
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

  async #ready(signal: AbortSignal): Promise<ChatModel> {
    try {
      return await this.#model.ready(signal);
    } finally {
      this.#view.loadLine.hide();
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
