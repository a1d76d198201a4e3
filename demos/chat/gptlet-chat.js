import { loadModel } from 'gptlet';
import { loadTeller } from '../load-teller.js';

// The embedded model tells stories, it follows no orders: so the conversation is a scene of one.
const defaultScene =
  'Once upon a time there was a wise old owl who lived in a big tree. The owl was kind and knew many things. ' +
  'One day, a child came to the tree and talked with the owl.\n';

const markup = `
<style>
  :host { display: block; --chat-accent: light-dark(#2554c7, #8fb3ff); --chat-line: light-dark(#d9d6cf, #383b44);
    color-scheme: inherit; font: 1rem / 1.5 system-ui, sans-serif; }
  * { box-sizing: border-box; }
  section { display: grid; grid-template-rows: auto minmax(0, 1fr) auto auto; height: 100%; min-height: 22rem;
    background: light-dark(#fff, #1e2026); color: light-dark(#1d1e22, #eceae6);
    border: 1px solid var(--chat-line); border-radius: 0.9rem; overflow: hidden; }
  h2 { margin: 0; padding: 0.8rem 1rem; font-size: 1rem; border-bottom: 1px solid var(--chat-line); }
  [role='log'] { overflow-y: auto; }
  ol { display: flex; flex-direction: column; gap: 0.6rem; margin: 0; padding: 1rem; list-style: none; }
  li { max-width: 85%; padding: 0.5rem 0.85rem; border-radius: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  li.model { align-self: start; background: light-dark(#efede8, #2b2e37); border-bottom-left-radius: 0.25rem; }
  li.visitor { align-self: end; background: var(--chat-accent); color: light-dark(#fff, #10131c); border-bottom-right-radius: 0.25rem; }
  li[aria-busy='true']::after { content: '▍'; animation: blink 1s steps(2) infinite; }
  @keyframes blink { to { opacity: 0; } }
  @media (prefers-reduced-motion: reduce) { li[aria-busy='true']::after { animation: none; } }
  .status { margin: 0; min-height: 1.5em; padding: 0 1rem; font-size: 0.9rem; color: light-dark(#5a5b62, #a9abb4); overflow-wrap: anywhere; }
  form { display: flex; gap: 0.5rem; padding: 0.6rem; border-top: 1px solid var(--chat-line); }
  input { flex: 1; min-width: 0; font: inherit; color: inherit; background: transparent; border: 1px solid light-dark(#8c8a84, #6a6e7a);
    border-radius: 0.6rem; padding: 0.5rem 0.75rem; }
  button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0 1.1rem; border: 0; border-radius: 0.6rem; cursor: pointer;
    background: var(--chat-accent); color: light-dark(#fff, #10131c); }
  :focus-visible { outline: 3px solid var(--chat-accent); outline-offset: 2px; }
</style>
<section aria-labelledby="title">
  <h2 id="title"></h2>
  <div role="log" aria-labelledby="title" tabindex="0"><ol></ol></div>
  <p class="status" role="status"></p>
  <form>
    <input name="message" aria-label="Your message" autocomplete="off" placeholder="Say something" />
    <button>Send</button>
  </form>
</section>`;

/**
 * `<gptlet-chat>`: a conversation with a GPT that runs in the visitor's browser. Nothing is loaded before the
 * first message. Attributes, all optional: `heading`, `greeting`, `model` (as `loadModel` takes it), `backend`, `dtype`,
 * `scene` (what the model reads before the conversation), `speaker` (who answers in it).
 */
export class GptletChat extends HTMLElement {
  /** @type {Promise<import('gptlet').GptModel> | undefined} */
  #model;
  /** @type {import('gptlet').ModelSource | undefined} */
  #source;
  /** @type {AbortController | undefined} */
  #running;
  /** @type {string[]} Turns as lines of the scene, oldest first. */
  #lines = [];

  connectedCallback() {
    // Moving the element in the page connects it again: what was said stays.
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' }).innerHTML = markup;
      this.#part('h2').textContent = this.getAttribute('heading') ?? 'Chat with the owl';
      this.#part('form').addEventListener('submit', (event) => this.#onSubmit(event));
      this.#part('button').addEventListener('click', (event) => this.#onStop(event));
      this.#say('model', this.getAttribute('greeting') ?? 'Hello! What brings you to my tree?');
    }
  }

  disconnectedCallback() {
    this.#letGo();
  }

  /** Another model, as `loadModel` takes it, for the next message on; undefined is what the attribute `model` says. */
  set source(/** @type {import('gptlet').ModelSource | undefined} */ source) {
    this.#source = source;
    this.#letGo();
  }

  #letGo() {
    this.#running?.abort();
    this.#model?.then((model) => model.dispose()).catch(() => {});
    this.#model = undefined;
  }

  #onSubmit(/** @type {Event} */ event) {
    event.preventDefault();
    // Enter while an answer comes: the next message waits in the box.
    if (this.#running) return;
    const input = /** @type {HTMLInputElement} */ (this.#part('input'));
    const message = input.value.trim();
    if (!message) return;
    input.value = '';
    this.#say('visitor', message);
    this.#answer(message);
  }

  #onStop(/** @type {Event} */ event) {
    if (!this.#running) return;
    event.preventDefault();
    this.#running.abort();
  }

  async #answer(/** @type {string} */ message) {
    const speaker = this.getAttribute('speaker') ?? 'the owl';
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#button('Stop');
    const bubble = this.#say('model', '');
    bubble.ariaBusy = 'true';
    try {
      const model = await this.#load(signal);
      this.#status('');
      this.#lines.push(`"${message.replaceAll('"', "'")}" said the child.\n`);
      const prompt = this.#prompt(model, `${capital(speaker)} said, "`);
      const options = { maxNewTokens: 60, minNewTokens: 2, temperature: 0.7, topP: 0.9, stop: ['"', '\n'], signal };
      for await (const { text } of model.generate(prompt, options)) {
        bubble.textContent += text;
        this.#scrollDown();
      }
      this.#lines.push(`${capital(speaker)} said, "${bubble.textContent}"\n`);
      if (signal.aborted) this.#status('Stopped.');
    } catch (error) {
      // A worker that died (a phone short of memory) is started again with the next message.
      if (/** @type {{ code?: string }} */ (error).code === 'WORKER_FAILED') this.#model = undefined;
      this.#status(signal.aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error));
    }
    bubble.ariaBusy = 'false';
    if (!bubble.textContent) bubble.remove();
    this.#running = undefined;
    this.#button('Send');
  }

  /** While it says Stop, Enter in the box must not press it. */
  #button(/** @type {'Send' | 'Stop'} */ text) {
    const button = /** @type {HTMLButtonElement} */ (this.#part('button'));
    button.textContent = text;
    button.type = text === 'Send' ? 'submit' : 'button';
  }

  /** Scene and turns, the oldest turns left out where the context is too short for all. */
  #prompt(/** @type {import('gptlet').GptModel} */ model, /** @type {string} */ opening) {
    const scene = this.getAttribute('scene') ?? defaultScene;
    // A long context is slow to read before the first word.
    const room = Math.min(model.contextLength, 2048) - 64;
    while (this.#lines.length > 1 && model.tokenizer.count(scene + this.#lines.join('') + opening) > room)
      this.#lines.shift();
    return scene + this.#lines.join('') + opening;
  }

  /** Loads once; a load that failed or was stopped is tried anew with the next message. */
  async #load(/** @type {AbortSignal} */ signal) {
    const source = this.#source ?? this.getAttribute('model') ?? undefined;
    const dtype = /** @type {import('gptlet').DtypeOption | null} */ (this.getAttribute('dtype')) ?? 'auto';
    const tell = loadTeller();
    const backend = /** @type {'auto' | 'webgpu' | 'wasm' | null} */ (this.getAttribute('backend')) ?? 'auto';
    this.#model ??= loadModel(source, {
      backend,
      dtype,
      signal,
      onProgress: (progress) => this.#status(tell(progress)),
    });
    try {
      return await this.#model;
    } catch (error) {
      this.#model = undefined;
      throw error;
    }
  }

  #say(/** @type {'model' | 'visitor'} */ who, /** @type {string} */ text) {
    const bubble = document.createElement('li');
    bubble.className = who;
    bubble.textContent = text;
    this.#part('ol').append(bubble);
    this.#scrollDown();
    return bubble;
  }

  #scrollDown() {
    const log = this.#part('[role=log]');
    log.scrollTop = log.scrollHeight;
  }

  #status(/** @type {string} */ text) {
    this.#part('.status').textContent = text;
  }

  #part(/** @type {string} */ selector) {
    return /** @type {HTMLElement} */ (this.shadowRoot?.querySelector(selector));
  }
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

if (!customElements.get('gptlet-chat')) customElements.define('gptlet-chat', GptletChat);
