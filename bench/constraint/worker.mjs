// Measures one subject: for a schema and its instances (token ids) the times of opening and of each mask, and what was refused.
import { parentPort, workerData } from 'node:worker_threads';
import { subjects } from './subjects.mjs';

const { name, vocabulary, folder } = workerData;
const open = await subjects[name](vocabulary, folder);
let opened = 0;

async function measure({ schema, instances }) {
  const times = { open: [], masks: [], refused: 0 };
  for (const tokens of instances) {
    // A schema that was not there before: nothing is remembered from the last instance.
    const fresh = typeof schema === 'object' ? { ...structuredClone(schema), $comment: `${++opened}` } : schema;
    const masks = [];
    let start = performance.now();
    const session = await open(fresh);
    times.open.push(performance.now() - start);
    let { mask } = session;
    try {
      for (const token of tokens) {
        if (mask && !(mask[token >> 5] & (1 << (token & 31)))) throw new Error('the token is not in the mask');
        start = performance.now();
        mask = await session.next(token);
        masks.push(performance.now() - start);
      }
      times.masks.push(...masks);
    } catch {
      times.refused++;
    }
    session.close();
  }
  return times;
}

parentPort.on('message', async (task) => {
  const answer = await measure(task).catch((error) => ({ error: String(error?.message ?? error) }));
  parentPort.postMessage(answer);
});
