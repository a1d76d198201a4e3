import { loadModel } from 'gptlet';
import { fineTune } from 'gptlet/training';
import { offerFiles } from '../offer-files.js';
import { scoreBar } from '../score-bar.js';
import { wordInfluence } from '../sentiment/word-influence.js';
import { firstExamples } from './first-examples.js';
import { readTable } from './read-table.js';
import { showEvaluation } from './show-evaluation.js';

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
/** @param {string} id */
const area = (id) => /** @type {HTMLTextAreaElement} */ (byId(id));
const labelInput = /** @type {HTMLInputElement} */ (byId('label'));

/** @type {{ label: string, text: string }[]} */
let examples = firstExamples.map(([label, text]) => ({ label, text }));
/** @type {import('gptlet').GptModel | undefined} */
let model;
/** @type {import('gptlet/heads').Classifier | undefined} */
let classifier;
let training = new AbortController();
let trying = new AbortController();

byId('add').addEventListener('submit', (event) => {
  event.preventDefault();
  addAs(labelInput.value.trim());
});
byId('take').addEventListener('click', () => takeTable(area('table').value));
byId('file').addEventListener('change', async (event) => {
  const [file] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
  if (file) takeTable(await file.text());
});
byId('clear').addEventListener('click', () => change([]));
byId('try').addEventListener('input', tryIt);
byId('methods').addEventListener('change', () => teach());

showExamples();
try {
  model = await loadModel(undefined, { onProgress: ({ fraction }) => showProgress('Loading the model', fraction) });
  await teach();
} catch (error) {
  showProblem(error);
}

/** @param {string} label */
function addAs(label) {
  const text = area('text').value.trim();
  if (!text || !label) return;
  area('text').value = '';
  area('text').focus();
  change([{ label, text }, ...examples]);
}

/** @param {string} table */
function takeTable(table) {
  const { examples: found, bad } = readTable(table);
  byId('problem').hidden = true;
  if (bad.length > 0) showProblem(new Error(`No label and text in line ${bad.slice(0, 5).join(', ')}.`));
  if (found.length > 0) change(found);
}

/** @param {{ label: string, text: string }[]} now */
function change(now) {
  examples = now;
  showExamples();
  void teach();
}

/** Begins anew with each change; the newest examples win. */
async function teach() {
  training.abort();
  training = new AbortController();
  const { signal } = training;
  if (!model) return;
  const labels = new Set(examples.map(({ label }) => label));
  if (labels.size < 2) {
    showProgress(examples.length === 0 ? 'Add some texts.' : 'Add texts with another label.', 0);
    return;
  }
  const started = performance.now();
  try {
    const method = /** @type {'head' | 'lora'} */ (
      byId('methods').querySelector('input:checked')?.getAttribute('value')
    );
    const options = {
      signal,
      method,
      heldOut: examples.length < 20 ? 0 : 0.2,
      ...(method === 'lora' && { storage: false }),
    };
    const run = fineTune(model, examples, options);
    for await (const progress of run) showStep(progress);
    const head = await run;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    showProgress(`Learnt ${examples.length} texts in ${seconds} s`, 1);
    classifier = await head.attach(model);
    showEvaluation(head, examples);
    offerFiles(byId('files'), head.files());
    byId('trying').hidden = false;
    await tryIt();
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  }
}

/** @param {import('gptlet/training').TrainingProgress} progress */
function showStep({ stage, step, steps, secondsLeft, evaluation }) {
  const share = steps ? step / steps : 1;
  if (stage === 'fit') showProgress('Fitting', share);
  else if (stage !== 'learn') showProgress(`Reading ${step} of ${steps}`, share);
  else showProgress(`Step ${step} of ${steps}${secondsLeft ? `, ${Math.ceil(secondsLeft)} s left` : ''}`, share);
  if (evaluation) showEvaluation({ evaluation, warnings: [] }, examples);
}

/** What the newest text is, and which of its words speak for that. */
async function tryIt() {
  trying.abort();
  trying = new AbortController();
  const { signal } = trying;
  const text = area('try').value.trim();
  if (!classifier || !text) return;
  try {
    const scores = await classifier.classify(text, { signal });
    byId('scores').replaceChildren(...scores.map(scoreBar));
    const pieces = await wordInfluence(classifier, text, scores[0].label, { signal });
    const most = Math.max(1, ...pieces.map(({ influence = 0 }) => influence));
    byId('weighed').replaceChildren(...pieces.map((piece) => mark(piece, most)));
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  }
}

/** @param {{ text: string, influence?: number }} piece @param {number} most */
function mark({ text, influence = 0 }, most) {
  if (influence < most / 5) return document.createTextNode(text);
  const element = document.createElement('mark');
  element.style.setProperty('--share', (influence / most).toFixed(2));
  element.textContent = text;
  return element;
}

function showExamples() {
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  byId('labels').replaceChildren(...labels.map((label) => new Option(label, label)));
  byId('known').replaceChildren(...labels.map((label) => button(label, () => addAs(label))));
  byId('examples').replaceChildren(
    ...examples.map((example) => {
      const item = document.createElement('li');
      const name = document.createElement('b');
      name.textContent = example.label;
      const leave = button('×', () => change(examples.filter((other) => other !== example)));
      leave.setAttribute('aria-label', `Leave out: ${example.text}`);
      item.append(name, span(example.text), leave);
      return item;
    }),
  );
  byId('count').textContent = `${examples.length} texts, ${labels.length} labels`;
}

/** @param {string} text */
function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

/** @param {string} text @param {() => void} onClick */
function button(text, onClick) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.addEventListener('click', onClick);
  return element;
}

/** @param {string} text @param {number} share */
function showProgress(text, share) {
  byId('status').textContent = text;
  /** @type {HTMLProgressElement} */ (byId('progress')).value = share;
}

/** @param {unknown} error */
function showProblem(error) {
  byId('problem').hidden = false;
  byId('problem').textContent = String(error instanceof Error ? error.message : error);
}
