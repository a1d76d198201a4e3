// The WebGPU engine beside onnxruntime-web's, on the same adapter, in turns: greedy tokens of the 124M shape.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { installPeers } from '../cpu/peers/install.mjs';
import { writeOnnxModel } from '../cpu/peers/onnx-model.mjs';
import { summary } from './measure.mjs';

/**
 * Rows of both. A software adapter takes the peer seconds a token: few tokens, and its file is small beside that.
 * @param {() => Promise<import('@playwright/test').Browser>} launch
 * @param {{ dtype: string, prompt: number, tokens: number, runs: number, peers: string[] }} task `peers`: dtypes of
 *   onnxruntime-web, q4 or f32 (it runs the operators of 8-bit models on the CPU)
 */
export async function againstOnnxruntime(launch, { dtype, prompt, tokens, runs, peers }) {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-gpu-'));
  const models = join(folder, 'models');
  mkdirSync(models);
  for (const name of ['build', 'bench']) symlinkSync(resolve(name), join(folder, name));
  const cache = resolve('.cache/bench-peers');
  installPeers(cache);
  symlinkSync(join(cache, 'node_modules'), join(folder, 'peers'));
  writeFileSync(join(folder, 'bench.html'), '<!doctype html><title>gpu</title>');
  const site = await serve(folder);
  const open = async (script, options) => {
    const browser = await launch();
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/bench.html`);
    await page.evaluate(
      async ({ script, options }) => {
        const { load } = await import(script);
        globalThis.subject = await load(options);
      },
      { script, options },
    );
    const ids = Array.from({ length: prompt }, (_, i) => (i * 7919) % 50257);
    // The first run makes what is made on first use.
    const run = () => page.evaluate(([ids, tokens]) => subject.run(ids, tokens), [ids, tokens]);
    await run();
    return { run, close: () => browser.close() };
  };

  const rows = [];
  const row = (subject, metric, unit, values) =>
    rows.push({ case: `124M, ${prompt} tokens of prompt`, subject, metric, unit, ...summary(values) });
  const ratios = [];
  try {
    const ours = await open('/bench/gpu/page/gptlet.mjs', { dtype });
    const our = { prefill: [], decode: [] };
    for (const peerDtype of peers) {
      writeOnnxModel(join(models, `${peerDtype}.onnx`), peerDtype);
      process.stderr.write(`onnxruntime-web ${peerDtype}: loading\n`);
      const theirs = await open('/bench/cpu/page/onnxruntime.js', {
        file: `${peerDtype}.onnx`,
        provider: 'webgpu',
      });
      const their = { prefill: [], decode: [], ratio: [] };
      for (let i = 0; i < runs; i++) {
        const [a, b] = [await ours.run(), await theirs.run()];
        our.prefill.push(a.prefillMs);
        our.decode.push(1000 / a.decodeMs);
        their.prefill.push(b.prefillMs);
        their.decode.push(1000 / b.decodeMs);
        their.ratio.push(b.decodeMs / a.decodeMs);
      }
      await theirs.close();
      row(`onnxruntime-web ${peerDtype}, Chromium`, 'prefill', 'ms', their.prefill);
      row(`onnxruntime-web ${peerDtype}, Chromium`, 'decode', 'tokens/s', their.decode);
      ratios.push({ peerDtype, ratio: their.ratio });
    }
    await ours.close();
    row(`gptlet ${dtype}, Chromium`, 'prefill', 'ms', our.prefill);
    row(`gptlet ${dtype}, Chromium`, 'decode', 'tokens/s', our.decode);
    for (const { peerDtype, ratio } of ratios)
      row(`gptlet ${dtype} ÷ onnxruntime-web ${peerDtype}`, 'decode', '×', ratio);
    return rows;
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
