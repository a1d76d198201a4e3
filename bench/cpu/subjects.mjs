// What the benchmarks in Chromium load: gptlet and its peers, each in a page of a browser of its own.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { makeCheckpoint } from '../load/make-checkpoint.mjs';
import { compileDotLimit } from './dot-limit.mjs';
import { writeGgufModel } from './peers/gguf-model.mjs';
import { installPeers } from './peers/install.mjs';
import { writeOnnxModel } from './peers/onnx-model.mjs';
import { compileStreamingRead } from './streaming-read.mjs';

export const gptlet = ['q8', 'q4', 'f32'].map((dtype) => ({
  subject: `gptlet ${dtype}`,
  page: 'cpu/page/gptlet.js',
  dtype,
}));
export const peers = [
  ...['f32', 'q8', 'q4'].map((dtype) => ({
    subject: `onnxruntime-web ${dtype}`,
    page: 'cpu/page/onnxruntime.js',
    dtype,
    file: `${dtype}.onnx`,
  })),
  ...['q8_0', 'q4_0'].map((dtype) => ({
    subject: `wllama ${dtype}`,
    page: 'cpu/page/wllama.js',
    dtype,
    file: `${dtype}.gguf`,
  })),
];

const browserFlags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** A folder with everything that the pages fetch: the built package, the peers, the models. */
export async function prepare(folder, subjects) {
  const models = join(folder, 'models');
  mkdirSync(models);
  for (const name of ['dist', 'bench']) symlinkSync(resolve(name), join(folder, name));
  makeCheckpoint(join(models, 'checkpoint'));
  await compileStreamingRead(models);
  await compileDotLimit(models);
  if (subjects.some(({ file }) => file)) {
    const cache = resolve('.cache/bench-peers');
    installPeers(cache);
    symlinkSync(join(cache, 'node_modules'), join(folder, 'peers'));
  }
  for (const { file, dtype } of subjects) {
    if (file?.endsWith('.onnx')) writeOnnxModel(join(models, file), dtype);
    if (file?.endsWith('.gguf')) writeGgufModel(join(models, file), dtype);
  }
  writeFileSync(join(folder, 'bench.html'), '<!doctype html><title>cpu</title><input type=file multiple>');
}

/**
 * Loads a subject in a new browser and says how long that took; `page` has it as `subject`, and `browser` is the caller's
 * to close. Its `page` is a module under bench/. `files` are paths of files that the user of the page chose.
 */
export async function openSubject(siteUrl, { page: script, flags = [], files, ...options }, threads) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...browserFlags, ...flags] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${siteUrl}/bench.html`);
    if (files) await page.setInputFiles('input', files);
    const loaded = await page.evaluate(
      async ([script, options]) => {
        const { load } = await import(`/bench/${script}`);
        globalThis.subject = await load(options);
        const { loadedMs, readyMs, bytes } = subject;
        return { loadedMs, readyMs, bytes };
      },
      [script, { ...options, threads }],
    );
    return { browser, page, ...loaded };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
