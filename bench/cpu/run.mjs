// The WASM engine against onnxruntime-web and wllama on the shape of GPT-2 124M with random weights, in Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { compare } from './compare.mjs';
import { measureInNode } from './in-node.mjs';
import { limitRows, measure, rowsOf } from './measure.mjs';
import { gptlet, peers, prepare } from './subjects.mjs';

/**
 * @param {string[]} args `--threads 1,2` (1), `--rounds N` (3), `--only TEXT` subjects whose name contains it, `--no-peers`,
 *   `--no-long` without position 1,000, `--node` gptlet alone under Node, `--long-contexts` those alone. Several thread counts take turns, and all subjects are
 *   in memory at once: 10 GB with peers, so that those are better measured at one count a call.
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  // `--long-contexts`: what a token costs in those, and nothing else, see there for its options.
  if (args.includes('--long-contexts')) return (await import('./long-contexts.mjs')).measureLongContexts(args);
  const only = value('--only', '');
  const subjects = [...gptlet, ...(args.includes('--no-peers') ? [] : peers)].filter(({ subject }) =>
    subject.includes(only),
  );
  const counts = value('--threads', '1').split(',').map(Number);
  const task = { rounds: Number(value('--rounds', 3)), long: !args.includes('--no-long') };
  const dtypes = gptlet.map(({ dtype }) => dtype).filter((dtype) => `gptlet ${dtype}`.includes(only));
  const inNode = args.includes('--node');
  if (inNode) {
    const rows = [];
    for (const threads of counts) rows.push(...(await measureInNode({ dtypes, threads, rounds: task.rounds })));
    return rows;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-cpu-'));
  try {
    await prepare(folder, subjects);
    const site = await serve(folder);
    const { measured, limits } = await measure(site.url, subjects, counts, task);
    await site.close();
    return [...limits.flatMap(limitRows), ...measured.flatMap(rowsOf), ...compare(measured)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
