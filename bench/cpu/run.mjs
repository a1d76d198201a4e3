// The WASM engine against onnxruntime-web and wllama on the shape of GPT-2 124M with random weights, in Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { drawChart } from './chart.mjs';
import { measureInNode } from './in-node.mjs';
import { gptlet, openSubject, peers, prepare } from './subjects.mjs';

/**
 * @param {string[]} args `--threads 1,2`, `--rounds N` (3), `--only TEXT` subjects whose name contains it, `--no-peers`,
 *   `--no-long` without position 1,000, `--node` gptlet alone under Node, `--chart FILE` (docs/cpu-speed.svg; `none` for none)
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  // `--long-contexts`: what a token costs in those, and nothing else, see there for its options.
  if (args.includes('--long-contexts')) return (await import('./long-contexts.mjs')).measureLongContexts(args);
  const only = value('--only', '');
  const subjects = [...gptlet, ...(args.includes('--no-peers') ? [] : peers)].filter(({ subject }) =>
    subject.includes(only),
  );
  const counts = value('--threads', '1,2').split(',').map(Number);
  const task = { rounds: Number(value('--rounds', 3)), long: !args.includes('--no-long') };
  if (args.includes('--node')) {
    const rows = [];
    const dtypes = gptlet.map(({ dtype }) => dtype).filter((dtype) => `gptlet ${dtype}`.includes(only));
    for (const threads of counts) rows.push(...(await measureInNode({ dtypes, threads, rounds: task.rounds })));
    return rows;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-cpu-'));
  try {
    await prepare(folder, subjects);
    const rows = [];
    for (const threads of counts) {
      rows.push(...(await measure(folder, subjects, threads, task)));
    }
    const chart = value('--chart', 'docs/cpu-speed.svg');
    const speeds = rows.filter(({ metric }) => metric === 'decode at position 128');
    if (chart !== 'none') writeFileSync(chart, drawChart(speeds));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every subject in a browser of its own, all loaded, then measured in turns. */
async function measure(folder, subjects, threads, { rounds, long }) {
  const site = await serve(folder);
  const open = async (subject) => {
    const { browser, page, ...loaded } = await openSubject(site.url, subject, threads);
    const run = (tokens, count) => page.evaluate(([tokens, count]) => subject.run(tokens, count), [tokens, count]);
    const abort = (tokens, ms) => page.evaluate(([tokens, ms]) => subject.abort(tokens, ms), [tokens, ms]);
    return { ...loaded, run, abort, close: () => browser.close() };
  };

  const limit = await open({ page: 'cpu/page/limit.js' });
  const bandwidth = [];
  const results = subjects.map(({ subject }) => ({
    subject,
    prefill: [],
    decode: [],
    decodeLong: [],
    share: [],
    abort: [],
  }));
  // One subject at a time is loaded, because all of them together do not fit into every machine; rounds go round.
  let seed = 1;
  const tokens = (n) => Array.from({ length: n }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % 50000);
  const opened = [];
  for (const [i, subject] of subjects.entries()) {
    process.stderr.write(`${threads} thread(s): loading ${subject.subject}\n`);
    opened[i] = await open(subject);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, subject] of opened.entries()) {
      const before = (await limit.run()).gigabytesPerSecond;
      const { prefillMs, decodeMs } = await subject.run(tokens(128), 64);
      const after = (await limit.run()).gigabytesPerSecond;
      bandwidth.push(before, after);
      results[i].prefill.push(prefillMs);
      results[i].decode.push(1000 / decodeMs);
      // Against what memory gave just then: other work on the machine slows both.
      results[i].share.push(100 * (bytesPerToken(subject) / decodeMs) * (2e-6 / (before + after)));
      if (results[i].subject.startsWith('gptlet')) {
        // Behind another part of the first chunks each time.
        results[i].abort.push(await subject.abort(tokens(1000), 100 + 130 * round));
      }
      // Peers take a minute for a prompt of 976 tokens: once is enough for them.
      if (long && (results[i].subject.startsWith('gptlet') || (round === 0 && results[i].subject.startsWith('onnx')))) {
        results[i].decodeLong.push(1000 / (await subject.run(tokens(976), 48)).decodeMs);
      }
    }
  }
  await Promise.all([...opened, limit].map((subject) => subject.close()));
  await site.close();
  return toRows(results, opened, bandwidth, threads);
}

/** The weights once, and the cache of the positions so far, 160 on average. */
const bytesPerToken = ({ bytes }) => (bytes ? bytes.weights + (bytes.kvCache * 160) / 1024 : Number.NaN);

function toRows(results, opened, bandwidth, threads) {
  const row = (subject, metric, unit, values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    const name = `GPT-2 124M, ${threads} thread${threads > 1 ? 's' : ''}`;
    return {
      suite: 'cpu',
      case: name,
      subject,
      metric,
      unit,
      median,
      min: sorted[0],
      max: sorted.at(-1),
      runs: sorted.length,
    };
  };
  const rows = [row('limit', 'streaming read', 'GB/s', bandwidth)];
  for (const [i, { subject, prefill, decode, decodeLong, share, abort }] of results.entries()) {
    const { bytes } = opened[i];
    rows.push(row(subject, 'prefill of 128 tokens', 'ms', prefill));
    rows.push(row(subject, 'decode at position 128', 'tokens/s', decode));
    if (decodeLong.length) rows.push(row(subject, 'decode at position 1,000', 'tokens/s', decodeLong));
    if (!bytes) continue;
    rows.push(row(subject, 'an aborted prefill of 1,000 tokens stops after', 'ms', abort));
    rows.push(row(subject, 'weights', 'MB', [bytes.weights / 1e6]));
    rows.push(row(subject, 'share of the limit', '%', share));
  }
  return rows;
}
