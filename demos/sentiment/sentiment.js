import { loadClassifier } from 'gptlet/heads';

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));

/** @type {import('gptlet/heads').Classifier | undefined} */
let classifier;
let busy = false;
let stale = false;

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

/** Classifies what is in the box; while that runs, only the newest text waits. */
async function classify() {
  stale = true;
  if (busy || !classifier) return;
  busy = true;
  try {
    while (stale) {
      stale = false;
      const input = text.value.trim();
      const start = performance.now();
      const scores = input ? await classifier.classify(input) : [];
      byId('scores').replaceChildren(...scores.map(bar));
      status(input ? `${(performance.now() - start).toFixed(0)} ms` : 'Write something.');
    }
  } catch (error) {
    showProblem(error);
  } finally {
    busy = false;
  }
}

/** @param {{ label: string, score: number }} score */
function bar({ label, score }) {
  const item = document.createElement('li');
  item.style.setProperty('--share', String(score));
  const name = document.createElement('span');
  name.textContent = label;
  const percent = document.createElement('span');
  percent.textContent = `${(score * 100).toFixed(1)} %`;
  item.append(name, percent);
  return item;
}

/** @param {unknown} error */
function showProblem(error) {
  byId('result').hidden = true;
  const missing = /** @type {{ code?: string }} */ (error).code === 'MODEL_NOT_FOUND';
  byId('problem').hidden = false;
  byId('problem').textContent = missing
    ? 'What is missing: models/sentiment, a GPT with a sentiment head. It is not part of this checkout yet; with it in ' +
      'place, this page works as it is.'
    : String(error instanceof Error ? error.message : error);
}

/** @param {string} message */
function status(message) {
  byId('status').textContent = message;
}
