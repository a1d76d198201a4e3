// The shapes of today's small models with random weights: gptlet beside wllama, onnxruntime-web and gemma-webgpu, in Chromium.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { compileDotLimit } from '../cpu/dot-limit.mjs';
import { installPeers } from '../cpu/peers/install.mjs';
import { compileStreamingRead } from '../cpu/streaming-read.mjs';
import { measureLoading } from './load.mjs';
import { measureShape } from './measure.mjs';
import { shapes } from './shapes.mjs';
import { engineNames, subjectsOf, writeFiles } from './subjects.mjs';

/**
 * @param {string[]} args `--shapes smollm2-135m,qwen3-0.6b,gemma3-270m` (all), `--dtypes q8,q4`, `--threads 1,2`, `--rounds N`
 *   (3; 0 only counts what is asked of a GPU), `--engines gptlet,wllama,ort,gemma-webgpu` (all), `--backend wasm|webgpu` (wasm),
 *   `--prompt N` (128) and `--tokens N` (64) of a run, `--hardware` for Chromium's real GPU instead of its software adapter,
 *   `--folder DIR` of the models' files (.cache/bench-models; they are written once, 4 GB for all), `--load` loading of a
 *   published folder instead
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const names = (name, all) => value(name, all.join(',')).split(',');
  const chosen = names('--shapes', Object.keys(shapes));
  for (const name of chosen)
    if (!(name in shapes)) throw new Error(`There is no shape '${name}': ${Object.keys(shapes)}.`);
  const task = {
    backend: value('--backend', 'wasm'),
    engineNames: names('--engines', engineNames),
    dtypes: names('--dtypes', ['q8', 'q4']),
    rounds: Number(value('--rounds', 3)),
    prompt: Number(value('--prompt', 128)),
    tokens: Number(value('--tokens', 64)),
    hardware: args.includes('--hardware'),
  };
  const files = resolve(value('--folder', '.cache/bench-models'));
  mkdirSync(files, { recursive: true });
  const threads = value('--threads', '1,2').split(',').map(Number);
  if (args.includes('--load')) return measureLoading(files, { ...task, threads });

  const subjects = chosen.map((shape) => ({ shape, subjects: subjectsOf(shape, task) }));
  writeFiles(
    files,
    subjects.flatMap(({ subjects }) => subjects),
  );
  const folder = await makeSite(files);
  const site = await serve(folder);
  try {
    const rows = [];
    for (const { shape, subjects: own } of subjects) {
      for (const count of task.backend === 'wasm' ? threads : [1]) {
        rows.push(...(await measureShape(site.url, shape, own, count, task)));
      }
    }
    return rows;
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder with everything that pages fetch: what is built, the peers, the models. */
async function makeSite(files) {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-models-'));
  const peers = resolve('.cache/bench-peers');
  installPeers(peers);
  if (!existsSync(join(files, 'streaming-read.wasm'))) await compileStreamingRead(files);
  if (!existsSync(join(files, 'dot-limit.wasm'))) await compileDotLimit(files);
  for (const name of ['build', 'bench']) symlinkSync(resolve(name), join(folder, name));
  symlinkSync(join(peers, 'node_modules'), join(folder, 'peers'));
  symlinkSync(files, join(folder, 'models'));
  writeFileSync(join(folder, 'bench.html'), '<!doctype html><title>models</title>');
  return folder;
}
