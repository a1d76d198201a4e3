import { loadModel } from 'gptlet';
import { createChat } from 'gptlet/chat';
import { loadTeller } from '../load-teller.js';
import { createModelChoice } from '../model-choice.js';
import { forget, keep, listKept } from './history.js';
import { AnswerView, button, userView } from './message-view.js';
import { suggest } from './suggestions.js';
import { createToolChoice } from './tools.js';

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const message = /** @type {HTMLTextAreaElement} */ (byId('message'));
const send = /** @type {HTMLButtonElement} */ (byId('send'));
const system = /** @type {HTMLTextAreaElement} */ (byId('system'));
const thinking = /** @type {HTMLInputElement} */ (byId('thinking'));
const progress = /** @type {HTMLProgressElement} */ (byId('progress'));
const checkedTools = createToolChoice(byId('tools'));
const chosen = createModelChoice(byId('model-choice'), () => letGo());
suggest(byId('suggestions'), byId('model-choice'));

/** @type {Promise<import('gptlet').GptModel> | undefined} */
let loading;
/** @type {AbortController | undefined} */
let running;
/** @type {import('gptlet/chat').Message[]} */
let messages = [];
/** @type {string} Of the conversation, where it is kept. */
let id = crypto.randomUUID();

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  if (running) return;
  const text = message.value.trim();
  if (!text) return;
  message.value = '';
  messages.push({ role: 'user', content: text });
  answer();
});
message.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') running?.abort();
  // Enter while letters are composed belongs to the keyboard.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLFormElement} */ (byId('composer')).requestSubmit();
});
send.addEventListener('click', (event) => {
  if (!running) return;
  event.preventDefault();
  running.abort();
});
byId('new').addEventListener('click', () => open([]));
byId('export').addEventListener('click', exportMarkdown);

async function answer() {
  show();
  running = new AbortController();
  const { signal } = running;
  send.textContent = 'Stop';
  const view = new AnswerView();
  byId('messages').append(view.element);
  try {
    const model = await load(signal);
    status('');
    const tools = checkedTools();
    const chat = createChat(model, {
      messages: [{ role: 'system', content: system.value }, ...messages.slice(0, -1)],
      ...(Object.keys(tools).length > 0 && { tools }),
      ...templateOptions(model),
      signal,
    });
    const answering = chat.send(/** @type {string} */ (messages[messages.length - 1].content));
    const started = performance.now();
    let first = 0;
    for await (const part of answering) {
      first ||= performance.now() - started;
      view.add(part);
      scrollDown();
    }
    const { timings, usage, finishReason } = await answering;
    messages = chat.messages.slice(1);
    const speed = `${timings.tokensPerSecond.toFixed(1)} tokens a second, first after ${(first / 1000).toFixed(1)} s`;
    const cached = usage.cachedTokens > 0 ? `, ${usage.cachedTokens} of ${usage.promptTokens} known already` : '';
    const ending = { length: ', cut off', aborted: ', stopped' }[String(finishReason)] ?? '';
    view.end(speed + cached + ending, answerButtons());
    save();
  } catch (error) {
    view.element.remove();
    // What was asked is not lost: it stands in the box again.
    const asked = messages.pop();
    message.value ||= typeof asked?.content === 'string' ? asked.content : '';
    show();
    if (/** @type {{ code?: string }} */ (error).code === 'WORKER_FAILED') loading = undefined;
    status(signal.aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error));
  }
  running = undefined;
  send.textContent = 'Send';
}

/** Of a model without a template, and of one whose template has no switch for thinking. @param {import('gptlet').GptModel} model */
function templateOptions({ chatFormat }) {
  const template = chatFormat.templates.default;
  if (template === undefined) return { template: 'plain', maxNewTokens: 80 };
  return template.includes('enable_thinking') ? { thinking: thinking.checked } : {};
}

/** @param {AbortSignal} signal */
async function load(signal) {
  const { source, dtype } = chosen();
  const tell = loadTeller();
  progress.hidden = false;
  loading ??= loadModel(source, {
    dtype,
    signal,
    onProgress: (news) => {
      status(tell(news));
      progress.value = news.fraction;
    },
  });
  try {
    return await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  } finally {
    progress.hidden = true;
  }
}

/** Another model with the next message. */
function letGo() {
  running?.abort();
  loading?.then((model) => model.dispose()).catch(() => {});
  loading = undefined;
}

/** The conversation as it is, without an answer on its way. */
function show() {
  byId('empty').hidden = messages.length > 0;
  const rows = messages.flatMap((each, i) => {
    if (each.role === 'user') return [userView(String(each.content), [button('Edit', () => edit(i))])];
    if (each.role !== 'assistant') return [];
    const view = new AnswerView();
    view.add({ reasoning: each.reasoning });
    for (const toolCall of each.toolCalls ?? []) view.add({ toolCall });
    view.add({ text: String(each.content ?? '') });
    view.end('', i === messages.length - 1 ? answerButtons() : []);
    return [view.element];
  });
  byId('messages').replaceChildren(...rows);
  scrollDown();
}

const answerButtons = () => [
  button('Copy', () => navigator.clipboard.writeText(String(messages[messages.length - 1].content ?? ''))),
  button('Again', () => {
    if (running) return;
    messages = messages.slice(0, lastOfUser() + 1);
    answer();
  }),
];

function edit(/** @type {number} */ index) {
  if (running) return;
  message.value = String(messages[index].content);
  messages = messages.slice(0, index);
  show();
  message.focus();
}

const lastOfUser = () => messages.map(({ role }) => role).lastIndexOf('user');

function save() {
  const first = messages.find(({ role }) => role === 'user');
  keep({ id, title: String(first?.content ?? '').slice(0, 80), saved: JSON.stringify(messages) });
  showHistory();
}

function open(
  /** @type {import('gptlet/chat').Message[]} */ conversation,
  /** @type {string} */ name = crypto.randomUUID(),
) {
  running?.abort();
  [messages, id] = [conversation, name];
  show();
  status('');
  message.focus();
}

function showHistory() {
  const rows = listKept().map((kept) => {
    const row = document.createElement('li');
    const opener = button(kept.title || 'Untitled', () => open(JSON.parse(kept.saved), kept.id));
    opener.className = 'open';
    const remover = button('Forget', () => {
      forget(kept.id);
      showHistory();
    });
    remover.className = 'quiet';
    remover.ariaLabel = `Forget ${kept.title}`;
    row.append(opener, remover);
    return row;
  });
  byId('history').replaceChildren(...rows);
}

function exportMarkdown() {
  const text = messages.map(({ role, content }) => `**${role}**\n\n${content ?? ''}\n`).join('\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  link.download = 'conversation.md';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function status(/** @type {string} */ text) {
  byId('status').textContent = text;
}

/** Follows what is written, unless somebody reads further up. */
function scrollDown() {
  const log = byId('log');
  if (log.scrollHeight - log.scrollTop - log.clientHeight < 120) log.scrollTop = log.scrollHeight;
}

showHistory();
