import { loadModel } from 'gptlet';
import { loadTeller } from '../load-teller.js';
import { createModelChoice } from '../model-choice.js';
import { showAlternatives } from './alternatives.js';
import { createTokenList } from './token-list.js';

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const run = /** @type {HTMLButtonElement} */ (byId('run'));
const stop = /** @type {HTMLButtonElement} */ (byId('stop'));
const progress = /** @type {HTMLProgressElement} */ (byId('progress'));

const tokens = createTokenList(byId('tokens'), (token) => {
  showAlternatives(byId('alternatives'), byId('alternatives-hint'), token);
});

/** @type {import('gptlet').GptModel | undefined} */
let model;
/** Which choices `model` was loaded for. */
let loadedFor = '';
const chosen = createModelChoice(byId('model-choice'), () => {});
/** @type {AbortController | undefined} */
let running;

for (const input of form.querySelectorAll('input[type="range"]')) {
  input.addEventListener('input', showValues);
}
showValues();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) complete();
});
stop.addEventListener('click', () => running?.abort());

async function complete() {
  running = new AbortController();
  const { signal } = running;
  stop.disabled = false;
  // A button that is disabled loses the focus: it goes to the one that can be pressed now, and comes back.
  if (document.activeElement === run) stop.focus();
  run.disabled = true;
  byId('problem').hidden = true;
  try {
    const settings = readSettings();
    const loaded = await load(settings.backend, signal);
    await stream(loaded, settings, signal);
  } catch (error) {
    // A worker that died (a phone short of memory) is started again with the next run.
    if (/** @type {{ code?: string }} */ (error).code === 'WORKER_FAILED') model = undefined;
    showProblem(error, signal);
  } finally {
    running = undefined;
    run.disabled = false;
    if (document.activeElement === stop) run.focus();
    stop.disabled = true;
    progress.hidden = true;
  }
}

/** The model on the chosen backend; another choice lets go of the one before. */
async function load(/** @type {'auto' | 'webgpu' | 'wasm'} */ backend, /** @type {AbortSignal} */ signal) {
  const { source, dtype, name } = chosen();
  const wanted = [backend, dtype, name].join(' ');
  if (model && loadedFor === wanted) return model;
  await model?.dispose();
  model = undefined;
  status('Loading the model …');
  const tell = loadTeller();
  progress.hidden = false;
  model = await loadModel(source, {
    backend,
    dtype,
    signal,
    onProgress(news) {
      progress.value = news.fraction;
      status(tell(news));
    },
  });
  loadedFor = wanted;
  progress.hidden = true;
  const { config, bytes } = model;
  byId('model-facts').textContent =
    `${config.nLayer} layers of ${config.nEmbd}, ${(bytes.weights / 1e6).toFixed(1)} MB as ${model.dtype}, ` +
    `on ${model.backend === 'webgpu' ? 'WebGPU' : 'WebAssembly'}`;
  return model;
}

/**
 * @param {import('gptlet').GptModel} loaded
 * @param {ReturnType<typeof readSettings>} settings
 * @param {AbortSignal} signal
 */
async function stream(loaded, { prompt, options }, signal) {
  tokens.clear();
  byId('spoken').textContent = '';
  byId('given').textContent = prompt;
  status('Writing …');
  const generation = loaded.generate(prompt, { ...options, logprobs: 8, signal });
  const start = performance.now();
  let count = 0;
  for await (const part of generation) {
    for (const token of part.logprobs ?? []) tokens.add(token);
    count += part.tokenIds.length;
    byId('speed').textContent =
      `${count} tokens, ${(count / ((performance.now() - start) / 1000)).toFixed(0)} a second`;
  }
  const { text, finishReason, usage, timings } = await generation;
  byId('speed').textContent = '';
  const why = { stop: 'The model ended its text', length: 'Done', aborted: 'Stopped' }[finishReason];
  status(`${why}: ${usage.generatedTokens} tokens, ${timings.tokensPerSecond.toFixed(0)} tokens a second.`);
  // Screen readers hear the text once it is whole, not word by word.
  byId('spoken').textContent = text;
}

function readSettings() {
  const data = new FormData(form);
  const number = (/** @type {string} */ name) => Number(data.get(name));
  const seed = data.get('seed');
  return {
    prompt: String(data.get('prompt')),
    backend: /** @type {'auto' | 'webgpu' | 'wasm'} */ (data.get('backend')),
    options: {
      temperature: number('temperature'),
      topK: number('topK'),
      topP: number('topP'),
      maxNewTokens: number('maxNewTokens'),
      ...(seed ? { seed: Number(seed) } : {}),
    },
  };
}

/** @param {unknown} error @param {AbortSignal} signal */
function showProblem(error, signal) {
  if (signal.aborted) {
    status('Stopped.');
    return;
  }
  status('That did not work.');
  byId('problem').hidden = false;
  byId('problem').textContent = error instanceof Error ? error.message : String(error);
}

function showValues() {
  for (const output of form.querySelectorAll('output')) {
    const { name, value } = /** @type {HTMLInputElement} */ (byId(String(output.htmlFor)));
    output.value = name === 'topK' && value === '0' ? 'off' : value;
  }
}

/** @param {string} text */
function status(text) {
  byId('status').textContent = text;
}
