import DOMPurify from 'dompurify';
import { marked } from 'marked';

/** @typedef {import('gptlet/chat').Message} Message */

/** Markdown as the model writes it, made harmless: its text may hold anything, also what a page's visitor pasted. */
const harmless = (/** @type {string} */ markdown) =>
  DOMPurify.sanitize(/** @type {string} */ (marked.parse(markdown, { async: false, gfm: true, breaks: true })), {
    FORBID_TAGS: ['style', 'img', 'video', 'audio', 'form'],
  });

/** An answer on its way: what it thinks, what it calls, what it says. */
export class AnswerView {
  element = document.createElement('li');
  #thoughts = document.createElement('div');
  #thinking = document.createElement('details');
  #calls = document.createElement('div');
  #words = document.createElement('div');
  #text = '';
  #waits = false;

  constructor() {
    this.element.className = 'assistant';
    this.element.ariaBusy = 'true';
    const summary = document.createElement('summary');
    summary.textContent = 'Thoughts';
    this.#thinking.append(summary, this.#thoughts);
    this.#thinking.hidden = true;
    this.#words.className = 'words';
    this.element.append(this.#thinking, this.#calls, this.#words);
  }

  /** @param {import('gptlet/chat').ChatPart} part */
  add({ text, reasoning, toolCall, toolResult }) {
    if (reasoning) {
      this.#thinking.hidden = false;
      this.#thoughts.textContent += reasoning;
    }
    if (toolCall) this.#note(`Calls ${toolCall.name}(${JSON.stringify(toolCall.arguments)})`);
    if (toolResult) this.#note(`${toolResult.isError ? 'Failed' : 'Got'}: ${toolResult.content}`);
    if (text) this.#text += text;
    // Markdown is read anew as a whole: once a frame is often enough.
    if (!text || this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.#words.innerHTML = harmless(this.#text);
    });
  }

  /** Shows the whole, and what can be done with it. @param {string} facts @param {readonly HTMLButtonElement[]} buttons */
  end(facts, buttons) {
    this.#words.innerHTML = harmless(this.#text);
    this.element.ariaBusy = 'false';
    this.element.append(actions(buttons, facts));
  }

  #note(/** @type {string} */ text) {
    const line = document.createElement('p');
    line.className = 'call';
    line.textContent = text;
    this.#calls.append(line);
  }
}

/** @param {string} text @param {readonly HTMLButtonElement[]} buttons */
export function userView(text, buttons) {
  const element = document.createElement('li');
  element.className = 'user';
  const words = document.createElement('div');
  words.textContent = text;
  element.append(words, actions(buttons));
  return element;
}

/** @param {string} name @param {() => void} onClick */
export function button(name, onClick) {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: name });
  made.addEventListener('click', onClick);
  return made;
}

/** @param {readonly HTMLButtonElement[]} buttons @param {string} [facts] */
function actions(buttons, facts = '') {
  const row = document.createElement('div');
  row.className = 'actions';
  row.append(...buttons, facts);
  return row;
}
