import { loadModel } from 'gptlet';
import { createOpenAIHandler } from 'gptlet/openai';
import OpenAI from 'openai';
import { loadTeller } from '../load-teller.js';
import { createModelChoice } from '../model-choice.js';

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const status = (/** @type {string} */ text) => {
  byId('status').textContent = text;
};

/** @type {OpenAI | undefined} */
let client;
const chosen = createModelChoice(byId('model-choice'), () => {
  client = undefined;
});

/** A client whose requests a model of this page answers. */
function connect() {
  const { source, dtype } = chosen();
  const tell = loadTeller();
  const load = () => loadModel(source, { dtype, onProgress: (progress) => status(tell(progress)) });
  const handler = createOpenAIHandler({ models: { local: load } });
  return new OpenAI({
    apiKey: 'none',
    baseURL: new URL('v1', location.href).href,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch: (url, init) => handler(new Request(url, init)),
  });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = byId('answer');
  answer.textContent = '';
  button.disabled = true;
  try {
    client ??= connect();
    const stream = await client.chat.completions.create({
      model: 'local',
      messages: [{ role: 'user', content: String(new FormData(form).get('message')) }],
      max_completion_tokens: 200,
      stream: true,
    });
    for await (const { choices } of stream) answer.append(choices[0]?.delta.content ?? '');
    status('');
  } catch (error) {
    status(error instanceof Error ? error.message : String(error));
  }
  button.disabled = false;
});
