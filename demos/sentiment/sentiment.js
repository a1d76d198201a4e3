import { loadClassifier } from 'gptlet/heads';
import { scoreBar } from '../score-bar.js';
import { wordInfluence } from './word-influence.js';

// Every word costs a pass over the text, so a long text is not weighed word by word.
const mostWords = 80;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));

/** @type {import('gptlet/heads').Classifier | undefined} */
let classifier;
let busy = false;
let stale = false;
let weighing = new AbortController();

text.addEventListener('input', classify);
for (const example of document.querySelectorAll('.examples button')) {
  example.addEventListener('click', () => {
    text.value = example.textContent ?? '';
    classify();
  });
}

try {
  classifier = await loadClassifier(undefined, {
    onProgress: ({ fraction }) => status(`Loading the model: ${Math.round(fraction * 100)} %`),
  });
  await classify();
} catch (error) {
  showProblem(error);
}

/** Classifies what is in the box, then weighs its words; while that runs, only the newest text waits. */
async function classify() {
  stale = true;
  weighing.abort();
  if (busy || !classifier) return;
  busy = true;
  try {
    while (stale) {
      stale = false;
      const input = text.value.trim();
      const start = performance.now();
      const scores = input ? await classifier.classify(input) : [];
      byId('scores').replaceChildren(...scores.map(scoreBar));
      byId('result').hidden = false;
      byId('problem').hidden = true;
      status(input ? `${(performance.now() - start).toFixed(0)} ms` : 'Write something.');
      if (!stale) await weigh(input, scores[0]?.label);
    }
  } catch (error) {
    showProblem(error);
  } finally {
    busy = false;
  }
}

/** @param {string} input @param {string | undefined} label */
async function weigh(input, label) {
  byId('words').hidden = true;
  if (!classifier || !label || input.split(/\s+/).length > mostWords) return;
  weighing = new AbortController();
  try {
    const pieces = await wordInfluence(classifier, input, label, { signal: weighing.signal });
    const most = Math.max(1, ...pieces.map(({ influence = 0 }) => Math.abs(influence)));
    byId('weighed').replaceChildren(...pieces.map((piece) => mark(piece, most)));
    byId('for').textContent = `for “${label}”`;
    byId('words').hidden = false;
  } catch (error) {
    if (!weighing.signal.aborted) throw error;
  }
}

/** @param {{ text: string, influence?: number }} piece @param {number} most */
function mark({ text: word, influence = 0 }, most) {
  const share = Math.abs(influence) / most;
  if (share < 0.15) return document.createTextNode(word);
  const element = document.createElement('mark');
  element.className = influence > 0 ? 'supports' : 'opposes';
  element.style.setProperty('--share', share.toFixed(2));
  element.title = `${influence > 0 ? '+' : '−'}${Math.abs(influence).toFixed(1)} log-odds`;
  element.textContent = word;
  return element;
}

/** @param {unknown} error */
function showProblem(error) {
  byId('result').hidden = true;
  const missing = /** @type {{ code?: string }} */ (error).code === 'MODEL_NOT_FOUND';
  byId('problem').hidden = false;
  byId('problem').textContent = missing
    ? 'The sentiment model is missing: this page needs the folder models/sentiment of the package beside dist.'
    : String(error instanceof Error ? error.message : error);
}

/** @param {string} message */
function status(message) {
  byId('status').textContent = message;
}
