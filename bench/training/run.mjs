// Training beside PyTorch on the same cores: tokens a second of LoRA and of everything, a head from call to classifier, memory, and how long
// the page is held up meanwhile. PyTorch is python3's (Debian: python3-torch, libopenblas0-pthread); without it its rows are missing.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { makeCheckpoint } from '../load/make-checkpoint.mjs';
import { categories, readMainThread } from '../page/main-thread.mjs';
import { ratios, row } from '../row.mjs';

const shapes = {
  embedded: { name: 'embedded model', torch: [] },
  '124m': {
    name: 'GPT-2 124M',
    torch: ['--width', '768', '--layers', '12', '--heads', '12', '--vocab', '50257'],
  },
};

/**
 * @param {string[]} args `--rounds N` (3), `--steps N` of one measurement (8), `--shapes embedded,124m`, `--methods head,lora,full`,
 *   `--threads N` (2), `--where node,chromium`, `--checkpointing`
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const list = (name, otherwise) => value(name, otherwise).split(',');
  const threads = Number(value('--threads', 2));
  const [rounds, steps] = [Number(value('--rounds', 3)), Number(value('--steps', 8))];
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-training-'));
  for (const name of ['dist', 'bench', 'models']) symlinkSync(resolve(name), join(folder, name));
  writeFileSync(join(folder, 'page.html'), '<!doctype html><title>training</title>');
  try {
    const rows = [];
    for (const shape of list('--shapes', 'embedded')) {
      if (shape !== 'embedded') {
        makeCheckpoint(join(folder, shape));
        // Words of the embedded model's tokenizer: any ids will do.
        copyFileSync('models/default/tokenizer.json', join(folder, shape, 'tokenizer.json'));
      }
      for (const method of list('--methods', 'head,lora,full')) {
        const checkpointing = args.includes('--checkpointing');
        const given = { method, steps, threads, checkpointing, ...(shape !== 'embedded' && { dtype: 'q8', steps: 4 }) };
        rows.push(...(await measure(folder, shape, given, { rounds, where: list('--where', 'node,chromium') })));
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One shape and method, all subjects in turn. */
async function measure(folder, shape, given, { rounds, where }) {
  const { name, torch } = shapes[shape];
  const subjects = { ...(given.method !== 'head' && { PyTorch: () => inPyTorch(given, torch) }) };
  if (where.includes('node')) subjects['gptlet, Node'] = () => inNode(folder, shape, given);
  if (where.includes('chromium')) subjects['gptlet, Chromium'] = () => inChromium(folder, shape, given);
  const found = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++)
    for (const [subject, once] of Object.entries(subjects)) {
      const result = await once();
      if (result) found[subject].push(result);
      console.log(shape, given.method, subject, JSON.stringify(result));
    }
  const texts = given.method === 'head' ? '1,000 sentences of 20 tokens' : '8 × 128 tokens';
  const what = `${given.method}, ${name}, ${texts}${given.checkpointing ? ', checkpointing' : ''}, ${given.threads} threads`;
  const rows = [];
  const add = (subject, metric, unit, key) => {
    const values = found[subject].map((result) => result[key]).filter((one) => one !== undefined);
    if (values.length > 0) rows.push(row('training', what, subject, metric, unit, values));
  };
  for (const subject of Object.keys(subjects)) {
    add(subject, 'speed', 'tokens/s', 'tokensPerSecond');
    add(subject, 'from call to classifier', 's', 'seconds');
    add(subject, 'memory over the model', 'MB', 'grownMegabytes');
    add(subject, 'memory as estimate() says', 'MB', 'estimatedMegabytes');
    add(subject, 'longest task of the page, by the clock', 'ms', 'longestTask');
    add(subject, 'longest task of the page, of the processor', 'ms', 'longestTaskOfProcessor');
    if (subject === 'PyTorch' || !(found.PyTorch?.length > 0)) continue;
    const speeds = (of) => found[of].map(({ tokensPerSecond }) => tokensPerSecond);
    rows.push(row('training', what, `${subject} ÷ PyTorch`, 'speed', '×', ratios(speeds(subject), speeds('PyTorch'))));
  }
  return rows;
}

function inPyTorch({ method, steps, threads }, shape) {
  const script = 'bench/training/pytorch.py';
  const args = [script, '--method', method, '--steps', String(steps), '--threads', String(threads), ...shape];
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      const out = execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const { tokensPerSecond, addedMegabytes } = JSON.parse(out);
      // The first steps reserve memory.
      return { tokensPerSecond: median(tokensPerSecond.slice(2)), grownMegabytes: addedMegabytes };
    } catch {
      // The next one may have it.
    }
  }
  return undefined;
}

const inNode = (folder, shape, given) => {
  const source = shape === 'embedded' ? undefined : join(folder, shape);
  const script = 'bench/training/in-node.mjs';
  const out = execFileSync(process.execPath, [script, JSON.stringify({ ...given, source })], { encoding: 'utf8' });
  return JSON.parse(out);
};

async function inChromium(folder, shape, given) {
  const site = await serve(folder);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/page.html`);
    const trace = join(folder, 'trace.json');
    await browser.startTracing(page, { path: trace, categories });
    const source = shape === 'embedded' ? undefined : `./${shape}`;
    const result = await page.evaluate(
      async (given) => {
        if (!crossOriginIsolated) throw new Error('the page is not isolated, so there are no threads');
        const files = ['/bench/training/train-once.mjs', '/dist/index.js', '/dist/training.js'];
        const [{ trainOnce }, gptlet, training] = await Promise.all(files.map((file) => import(file)));
        return trainOnce(gptlet, training, given);
      },
      { ...given, source },
    );
    await browser.stopTracing();
    const { longestTask } = readMainThread(readFileSync(trace));
    return { ...result, longestTask: longestTask.clock, longestTaskOfProcessor: longestTask.processor };
  } finally {
    await browser.close();
    await site.close();
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
