import { megabytes } from '../load-teller.js';
import { engines, offer } from './choices.js';
import { describeMachine, readBytes, readGpuMemory, readMemory } from './machine.js';
import { showMachine } from './machine-facts.js';
import { makeModel } from './make-model.js';
import { measureModel } from './measure-model.js';
import { plan } from './plan.js';
import { placeOf, showResults } from './results.js';
import { promptTokens, sizes } from './sizes.js';

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (byId('wishes'));
const [start, stop] = ['start', 'stop'].map((id) => /** @type {HTMLButtonElement} */ (byId(id)));
const progress = /** @type {HTMLProgressElement} */ (byId('progress'));
/** What screen readers are told, and beside it what changes too often for that. @param {string} text @param {string} [detail] */
function status(text, detail = '') {
  byId('status').textContent = text;
  byId('detail').textContent = detail;
}

/** @type {AbortController | undefined} */
let running;
const machine = await describeMachine();
/** GB/s by place. @type {Record<string, number>} */
const reading = {};
offer(
  byId('sizes'),
  'size',
  sizes.map(({ name, checked }) => ({ value: name, text: name, checked })),
);
offer(byId('engines'), 'engine', engines(machine));
if (!machine.webgpu?.f16) /** @type {HTMLInputElement} */ (form.querySelector('[value=f16]')).disabled = true;
showMachine(byId('facts'), machine, reading);
const models = sizes.map((size) => ({ size, files: makeModel(size) }));
let planned = await plan(models, wishes());
showPlan();

let changes = 0;
form.addEventListener('change', async () => {
  const change = ++changes;
  const found = await plan(models, wishes());
  if (change !== changes) return;
  planned = found;
  showPlan();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) measure();
});
stop.addEventListener('click', () => running?.abort());
byId('copy').addEventListener('click', async () => {
  const told = await navigator.clipboard.writeText(byId('json').textContent).then(
    () => 'Copied.',
    () => 'The browser does not let this page copy: take it from below.',
  );
  byId('copied').textContent = told;
});

async function measure() {
  const cases = chosenCases();
  running = new AbortController();
  const { signal } = running;
  setRunning(true);
  /** @type {import('./results.js').Result[]} */
  const results = [];
  try {
    const places = new Map(cases.map((one) => [placeOf(one), one]));
    for (const [place, { backend, threads = 1 }] of places) {
      status('How fast memory is read', place);
      const speed = backend === 'webgpu' ? await readGpuMemory() : await readMemory(threads, signal);
      signal.throwIfAborted();
      if (speed) reading[place] = speed;
    }
    showMachine(byId('facts'), machine, reading);
    for (const [i, one] of cases.entries()) {
      const { size, dtype, backend, threads } = one;
      const name = `${size.name} ${dtype}, ${placeOf(one)}`;
      const files = /** @type {import('gptlet').ModelFiles} */ (models.find((model) => model.size === size)?.files);
      /** @type {import('./results.js').Result} */
      let result = { model: size.name, dtype, backend, threads };
      try {
        // News of a load that was given up may still be on its way.
        const onProgress = (/** @type {string} */ what) => {
          if (!signal.aborted) status(`${i + 1} of ${cases.length}: ${name}`, what);
        };
        const speeds = await measureModel(files, one, { signal, onProgress });
        const read = (speeds.weightBytes * speeds.decodeTokensPerSecond) / 1e9;
        const limit = reading[placeOf(one)];
        result = { ...result, ...speeds, ...(limit && { limit: read / limit }) };
      } catch (error) {
        if (signal.aborted) throw error;
        result.problem = error instanceof Error ? error.message : String(error);
      }
      results.push(result);
      progress.value = (i + 1) / cases.length;
      show(results);
    }
    status(`Done: ${results.length} measured.`);
  } catch (error) {
    if (signal.aborted) status(`Stopped: ${results.length} of ${cases.length} measured.`);
    else {
      status('That did not work.');
      byId('problem').hidden = false;
      byId('problem').textContent = error instanceof Error ? error.message : String(error);
    }
  } finally {
    running = undefined;
    setRunning(false);
  }
}

/** @returns {import('./plan.js').Wishes} */
function wishes() {
  const data = new FormData(form);
  const all = (/** @type {string} */ name) => data.getAll(name).map(String);
  const dtypes = /** @type {import('gptlet').Dtype[]} */ (all('dtype'));
  return { dtypes: dtypes.filter((dtype) => dtype !== 'f16' || machine.webgpu?.f16), engines: all('engine') };
}

/** Of the sizes that are ticked, small ones first. */
function chosenCases() {
  const ticked = new FormData(form).getAll('size');
  return planned.filter(({ size }) => ticked.includes(size.name)).flatMap(({ cases }) => cases);
}

/** Says of each size what it takes, offers no size that does not fit, and says what Start would do. */
function showPlan() {
  for (const { size, cases, why, memoryBytes } of planned) {
    const box = /** @type {HTMLInputElement} */ (form.querySelector(`[name=size][value="${size.name}"]`));
    box.disabled = cases.length === 0 && why !== '';
    const memory = cases.length > 0 ? `up to ${megabytes(memoryBytes)} of memory` : '';
    const rest = cases.length > 0 && why ? `; not all: ${why}` : why;
    /** @type {HTMLElement} */ (box.parentElement?.querySelector('small')).textContent = memory + rest;
  }
  const cases = chosenCases();
  start.disabled = cases.length === 0 || running !== undefined;
  if (running) return;
  if (cases.length === 0) status('Nothing is chosen.');
  else {
    const count = cases.length === 1 ? '1 measurement' : `${cases.length} measurements, one after the other`;
    const most = Math.max(readBytes, ...cases.map(({ memoryBytes }) => memoryBytes));
    status(`${count}; at most ${megabytes(most)} of memory.`);
  }
}

/** @param {readonly import('./results.js').Result[]} results */
function show(results) {
  const json = JSON.stringify({ date: new Date().toISOString(), machine, reading, promptTokens, results }, null, 2);
  byId('results').hidden = false;
  byId('json').textContent = json;
  const link = /** @type {HTMLAnchorElement} */ (byId('download'));
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  byId('copied').textContent = '';
  showResults(results);
}

/** A button that is disabled loses the focus: it goes to the one that can be pressed now. @param {boolean} is */
function setRunning(is) {
  const [from, to] = is ? [start, stop] : [stop, start];
  const focused = document.activeElement === from;
  to.disabled = false;
  if (focused) to.focus();
  from.disabled = true;
  progress.hidden = !is;
  progress.value = 0;
  for (const fieldset of form.querySelectorAll('fieldset')) fieldset.disabled = is;
  if (is) byId('problem').hidden = true;
}
