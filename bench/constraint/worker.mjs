// Measures one subject: for a schema and its instances (token ids) the times of opening and of each mask, and what was refused or let through.
import { parentPort, workerData } from 'node:worker_threads';
import { subjects } from './subjects.mjs';

const { name, vocabulary, folder } = workerData;
const { eos } = vocabulary;
const open = await subjects[name](vocabulary, folder);
let opened = 0;

const has = (mask, token) => (mask[token >> 5] & (1 << (token & 31))) !== 0;

/** A schema that was not there before: nothing is remembered from the last instance. */
const asNew = (schema) =>
  typeof schema === 'object' ? { ...structuredClone(schema), $comment: `${++opened}` } : schema;

/** Whether a text of tokens is taken to its end; `times.masks` gets the time of every mask on the way. */
async function follow(session, tokens, times) {
  let { mask } = session;
  try {
    for (const token of tokens) {
      // Where the text is whole and nothing can follow, gptlet has no mask.
      if (!mask || !has(mask, token)) return false;
      const start = performance.now();
      mask = await session.next(token);
      times.masks.push(performance.now() - start);
    }
  } catch {
    return false;
  }
  return !mask || has(mask, eos);
}

async function measure({ schema, instances, wrong }) {
  const times = { open: [], masks: [], refused: 0, letIn: 0 };
  for (const tokens of instances) {
    const fresh = asNew(schema);
    const start = performance.now();
    const session = await open(fresh);
    times.open.push(performance.now() - start);
    if (!(await follow(session, tokens, times))) times.refused++;
    session.close();
  }
  for (const tokens of wrong) {
    const session = await open(asNew(schema));
    if (await follow(session, tokens, { masks: [] })) times.letIn++;
    session.close();
  }
  return times;
}

parentPort.on('message', async (task) => {
  const answer = await measure(task).catch((error) => ({ error: String(error?.message ?? error) }));
  parentPort.postMessage(answer);
});
