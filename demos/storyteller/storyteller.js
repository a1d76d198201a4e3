import { loadModel } from 'gptlet';
import { pretrain } from 'gptlet/training';
import { offerFiles } from '../offer-files.js';
import { drawLosses } from './loss-chart.js';
import { writeStories } from './write-stories.js';

/** @template {Element} [T=HTMLElement] @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const stories = 200;
/** Below this there is nothing to learn. */
const leastCharacters = 200;

/** @type {import('gptlet').GptModel | undefined} */
let teller;
let work = new AbortController();

byId('write').addEventListener('click', () => run(write));
byId('given').addEventListener('submit', (event) => {
  event.preventDefault();
  void run(learn);
});
byId('file').addEventListener('change', async (event) => {
  const [file] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
  if (file) text.value = await file.text();
  showAmount();
});
byId('stop').addEventListener('click', () => work.abort());
byId('tell').addEventListener('click', () => run(tell));
text.addEventListener('input', showAmount);
showAmount();

/** One thing at a time: what runs ends first. @param {(signal: AbortSignal) => Promise<void>} what */
async function run(what) {
  work.abort();
  work = new AbortController();
  const { signal } = work;
  byId('problem').hidden = true;
  byId('stop').hidden = false;
  try {
    await what(signal);
  } catch (error) {
    if (!signal.aborted) showProblem(error);
    else showProgress('Stopped.', 0);
  } finally {
    if (work.signal === signal) for (const id of ['stop', 'pause']) byId(id).hidden = true;
  }
}

/** @param {AbortSignal} signal */
async function write(signal) {
  showProgress('Loading the model', 0);
  await writeStories({
    count: stories,
    signal,
    onStory(story, written) {
      text.value += `${text.value === '' ? '' : '\n\n'}${story}`;
      showProgress(`Wrote ${written} of ${stories} stories`, written / stories);
      showAmount();
    },
  });
}

/** @param {AbortSignal} signal */
async function learn(signal) {
  if (text.value.length < leastCharacters) await write(signal);
  const texts = text.value.split(/\n\s*\n/).filter((part) => part.trim() !== '');
  const [width, layers, vocabSize] = /** @type {HTMLSelectElement} */ (byId('size')).value.split(',').map(Number);
  const steps = Number(/** @type {HTMLInputElement} */ (byId('steps')).value);
  byId('samples').replaceChildren();
  byId('trying').hidden = true;
  showProgress('Making a vocabulary', 0);
  /** @type {number[]} */
  const losses = [];
  let samples = Promise.resolve();
  const training = pretrain({ width, layers, heads: 4, context: 128, vocabSize }, texts, {
    ...{ steps, signal, heldOut: 0, storage: false, evaluateEvery: Math.max(1, Math.round(steps / 8)) },
    // One after another: a later one may load faster.
    onSnapshot: (model, { step }) => (samples = samples.then(() => sample(model, step, signal))),
  });
  offerPause(training);
  for await (const { stage, step, loss, tokensPerSecond, secondsLeft } of training) {
    if (stage !== 'learn' || loss === undefined) continue;
    losses.push(loss);
    drawLosses(byId('chart'), losses, steps);
    showProgress(`Step ${step} of ${steps}`, step / steps);
    byId('figures').textContent =
      `${Math.round(tokensPerSecond ?? 0)} tokens a second${secondsLeft ? `, ${Math.ceil(secondsLeft)} s left` : ''}`;
  }
  const files = (await training).files();
  await teller?.dispose();
  teller = await loadModel(files, { signal });
  showProgress(`Learnt ${texts.length} texts`, 1);
  offerFiles(byId('files'), files);
  byId('trying').hidden = false;
}

/** What it tells at this step. @param {import('gptlet/training').TrainedModel} model @param {number} step @param {AbortSignal} signal */
async function sample(model, step, signal) {
  const young = await loadModel(model.files(), { signal });
  try {
    const { text: told } = await young.generate('Once upon a time', {
      maxNewTokens: 40,
      temperature: 0.7,
      seed: 1,
      signal,
    });
    const item = document.createElement('li');
    const when = document.createElement('b');
    when.textContent = `After ${step} steps`;
    item.append(when, `Once upon a time${told}`);
    byId('samples').prepend(item);
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  } finally {
    await young.dispose();
  }
}

/** @param {AbortSignal} signal */
async function tell(signal) {
  const prompt = /** @type {HTMLTextAreaElement} */ (byId('prompt')).value;
  byId('story').textContent = prompt;
  for await (const { text: more } of teller?.generate(prompt, { maxNewTokens: 100, temperature: 0.7, signal }) ?? [])
    byId('story').textContent += more;
}

/** @param {import('gptlet/training').Training<unknown>} training */
function offerPause(training) {
  let paused = false;
  const button = byId('pause');
  button.hidden = false;
  button.textContent = 'Pause';
  button.onclick = () => {
    paused = !paused;
    if (paused) training.pause();
    else training.resume();
    button.textContent = paused ? 'Go on' : 'Pause';
  };
}

function showAmount() {
  const characters = text.value.length;
  byId('amount').textContent =
    characters < leastCharacters
      ? `Without texts, gptlet's own model writes ${stories} stories first.`
      : `${characters} characters`;
}

/** @param {string} what @param {number} share */
function showProgress(what, share) {
  byId('status').textContent = what;
  /** @type {HTMLProgressElement} */ (byId('progress')).value = share;
}

/** @param {unknown} error */
function showProblem(error) {
  byId('problem').hidden = false;
  byId('problem').textContent = String(error instanceof Error ? error.message : error);
}
