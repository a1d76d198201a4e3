// Loading Qwen3-0.6B as published (1.5 GB of bf16, seeded values) into q4: in Node from its folder, in Chromium from files that
// were dropped on the page. Every load is in a process of its own, because what one leaves behind would count for the next.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { openSubject } from '../cpu/subjects.mjs';
import { summary } from '../gpu/measure.mjs';
import { loadOnce } from '../load/in-node.mjs';
import { peakMegabytes } from '../process-memory.mjs';
import { writePublishedFolder } from './published-folder.mjs';

const dtype = 'q4';

/** Rows of `rounds` loads of each kind. @param {string} files the folder in which the model's folder is made */
export async function measureLoading(files, { threads, rounds }) {
  const model = join(files, 'qwen3-0.6b');
  process.stderr.write('writing the published folder, if it is not there\n');
  writePublishedFolder(model);
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-models-'));
  for (const name of ['dist', 'bench']) symlinkSync(resolve(name), join(folder, name));
  writeFileSync(join(folder, 'bench.html'), '<!doctype html><title>models</title><input type=file multiple>');
  const site = await serve(folder);
  const figures = new Map();
  const add = (where, values) => {
    if (!figures.has(where)) figures.set(where, []);
    figures.get(where).push(values);
  };
  try {
    for (let round = 0; round < rounds; round++) {
      const empty = await inChromium(site.url, { page: 'cpu/page/empty.js' }, 1);
      for (const count of threads) {
        process.stderr.write(`round ${round + 1} of ${rounds}, ${count} thread(s)\n`);
        const { ms, peakBytes, modelBytes } = await loadOnce([model, dtype, String(count)]);
        add(`Node, ${counted(count)}`, { ms, peak: peakBytes / 1e6, over: (peakBytes - modelBytes) / 1e6 });
        const chosen = ['config.json', 'model.safetensors'].map((name) => join(model, name));
        const { loadedMs, peak, bytes } = await inChromium(
          site.url,
          { page: 'cpu/page/gptlet.js', dtype, files: chosen },
          count,
        );
        const own = peak - empty.peak;
        add(`Chromium, ${counted(count)}`, {
          ms: loadedMs,
          peak: own,
          over: own - bytes.weights / 1e6,
        });
      }
    }
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const metrics = {
    ms: ['time', 'ms'],
    peak: ['peak memory over an empty process', 'MB'],
    over: ['peak memory over that and the weights', 'MB'],
  };
  return [...figures].flatMap(([where, all]) =>
    Object.entries(metrics).map(([key, [metric, unit]]) => ({
      suite: 'models',
      case: `Qwen3-0.6B as published, 1.5 GB bf16, to ${dtype}`,
      subject: `gptlet, ${where}`,
      metric,
      unit,
      ...summary(all.map((values) => values[key])),
    })),
  );
}

const counted = (threads) => `${threads} thread${threads > 1 ? 's' : ''}`;

async function inChromium(siteUrl, subject, threads) {
  const { browser, loadedMs, bytes } = await openSubject(siteUrl, subject, threads);
  const peak = await peakMegabytes(browser);
  await browser.close();
  return { loadedMs, bytes, peak };
}
