// What one model costs on WebGPU: counts per load and per token, and times. Runs in pages and in Node.
import { counters, countWork } from './count-work.mjs';
import { seededEngine } from './seeded-model.mjs';

/**
 * Rows `{ case, metric, unit, median, min, max, runs }` of one shape and dtype.
 * @param {{ webgpu: object, tensor: object, gpu: GPU, name: string, config: object, dtype: string, tokens: number, prompt: number, runs: number }} subject
 */
export async function measure({ webgpu, tensor, gpu, name, config, dtype, tokens, prompt, runs }) {
  const { gpu: counted, take } = countWork(gpu);
  const rows = [];
  const add = (step, metric, unit, values) =>
    rows.push({ case: `${name} ${dtype}, ${step}`, metric, unit, ...summary(values) });
  const started = performance.now();
  const engine = await seededEngine(webgpu, tensor, config, { dtype, gpu: counted });
  add('load', 'time', 'ms', [performance.now() - started]);
  add('load', 'pipelinesCompiled', 'count', [take().pipelinesCompiled]);

  const ids = Uint32Array.from({ length: prompt }, (_, i) => (i * 7919) % config.vocabSize);
  const prefills = [];
  for (let run = -1; run < runs; run++) {
    const start = performance.now();
    await engine.forward(ids, 0);
    if (run >= 0) prefills.push((prompt * 1000) / (performance.now() - start));
  }
  add(`prefill of ${prompt}`, 'speed', 'tokens/s', prefills);

  const ahead = Math.min(16, tokens);
  const ways = {
    'greedy, logits read back': async (position) => engine.forward(Uint32Array.of(1), position),
    'greedy on the GPU, one a readback': async (position) => engine.decodeGreedy(1, position, 1),
    [`greedy on the GPU, ${ahead} a readback`]: async (position) => engine.decodeGreedy(1, position, ahead),
    'candidates for sampling': async (position) => engine.forwardCandidates(Uint32Array.of(1), position),
  };
  for (const [way, step] of Object.entries(ways)) {
    const stride = way.includes(`${ahead} a readback`) ? ahead : 1;
    await step(prompt); // what is made on first use is made here
    take();
    const speeds = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      for (let done = 0; done < tokens; done += stride) await step(prompt + done);
      speeds.push((Math.ceil(tokens / stride) * stride * 1000) / (performance.now() - start));
    }
    const counts = take();
    const decoded = Math.ceil(tokens / stride) * stride * runs;
    for (const counter of counters) {
      add(way, `${counter} a token`, counter.startsWith('bytes') ? 'bytes' : 'count', [counts[counter] / decoded]);
    }
    add(way, 'speed', 'tokens/s', speeds);
  }
  await engine.dispose();
  return rows;
}

/** The middle of some values, and how far they spread. */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1), runs: values.length };
}
