// Time and peak memory of loading GPT-2 124M, in Chromium: gptlet from 498 MB of f32 and from its own quantised files,
// onnxruntime-web and wllama from theirs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { openSubject, peers, prepare } from '../cpu/subjects.mjs';
import { peakMegabytes } from '../process-memory.mjs';
import { measureInNode } from './in-node.mjs';

const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const subjects = [
  { subject: 'empty page', page: 'cpu/page/empty.js' },
  { subject: 'gptlet, f32 to q8', page: 'cpu/page/gptlet.js', dtype: 'q8' },
  {
    subject: 'gptlet, f32 chosen from disk to q8',
    page: 'cpu/page/gptlet.js',
    dtype: 'q8',
    chosen: ['config.json', 'model.safetensors'],
  },
  { subject: 'gptlet, f32 to q4', page: 'cpu/page/gptlet.js', dtype: 'q4' },
  { subject: 'gptlet, f32 to f32', page: 'cpu/page/gptlet.js', dtype: 'f32' },
  {
    subject: 'gptlet, f32 to f16 on a software GPU',
    page: 'cpu/page/gptlet.js',
    dtype: 'f16',
    backend: 'webgpu',
    flags: softwareGpu,
  },
  { subject: 'gptlet, q8 file', page: 'cpu/page/gptlet.js', dtype: 'q8', source: 'q8' },
  { subject: 'gptlet, q4 file', page: 'cpu/page/gptlet.js', dtype: 'q4', source: 'q4' },
  ...peers,
];

/**
 * @param {string[]} args `--rounds N` (3), `--only TEXT` subjects whose name contains it, `--no-peers`, `--node` gptlet alone
 *   under Node: read only, through the cache
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const rounds = Number(value('--rounds', 3));
  if (args.includes('--node')) return measureInNode(rounds);
  const only = value('--only', '');
  const chosen = subjects.filter(
    (each) =>
      each.page === 'cpu/page/empty.js' ||
      (each.subject.includes(only) && !(args.includes('--no-peers') && peers.includes(each))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-load-'));
  try {
    await prepare(folder, chosen);
    for (const dtype of new Set(chosen.map(({ source }) => source).filter(Boolean))) {
      const models = join(folder, 'models');
      const [from, to] = [join(models, 'checkpoint'), join(models, dtype)];
      execFileSync(process.execPath, ['dist/cli.js', 'quantize', from, '--dtype', dtype, '--out', to], {
        stdio: 'pipe',
      });
    }
    return await measure(folder, chosen, rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each subject in a new browser, round by round. */
async function measure(folder, chosen, rounds) {
  const site = await serve(folder);
  const figures = chosen.map(() => ({ loaded: [], firstToken: [], peak: [], gpuPeak: [] }));
  const emptyPeaks = [];
  for (let round = 0; round < rounds; round++) {
    for (const [i, subject] of chosen.entries()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${subject.subject}\n`);
      const files = subject.chosen?.map((name) => join(folder, 'models/checkpoint', name));
      const { browser, loadedMs, readyMs, bytes } = await openSubject(site.url, { ...subject, files }, 1);
      figures[i].bytes = bytes;
      figures[i].loaded.push(loadedMs / 1000);
      figures[i].firstToken.push(readyMs / 1000);
      figures[i].peak.push(await peakMegabytes(browser));
      if (subject.page === 'cpu/page/empty.js') emptyPeaks.push(figures[i].peak.at(-1));
      if (subject.backend === 'webgpu') figures[i].gpuPeak.push(await peakMegabytes(browser, 'GPU'));
      await browser.close();
    }
  }
  await site.close();
  // What the page needs in any case, and with the model the whole of what is left when loading is over.
  const empty = emptyPeaks.toSorted((a, b) => a - b)[emptyPeaks.length >> 1];
  return chosen.flatMap(({ subject, page }, i) => {
    const { loaded, firstToken, peak, gpuPeak, bytes } = figures[i];
    const over = bytes && empty ? peak.map((mb) => mb - empty - (bytes.weights + bytes.kvCache) / 1e6) : [];
    const times =
      page === 'cpu/page/empty.js'
        ? []
        : [
            ['loaded', 's', loaded],
            ['first token from nothing', 's', firstToken],
          ];
    const memory = [
      ['peak memory of the page', 'MB', peak],
      ['peak over an empty page, weights and KV cache', 'MB', over],
      ['peak memory of the GPU process', 'MB', gpuPeak],
    ];
    return [...times, ...memory]
      .filter(([, , values]) => values.length > 0)
      .map(([metric, unit, values]) => toRow(subject, metric, unit, values));
  });
}

function toRow(subject, metric, unit, values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, min, max] = [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
  return { suite: 'load', case: 'GPT-2 124M, 1 thread', subject, metric, unit, median, min, max, runs: sorted.length };
}
