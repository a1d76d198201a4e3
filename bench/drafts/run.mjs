// Speculative decoding against plain, in Node: GPT-2's shape with seeded weights does the work of every pass, and a script says what
// comes of it; and the embedded model, whose words are its own.
import { encode } from 'gpt-tokenizer/encoding/r50k_base';
import { createWasmEngineBuilder } from '../../build/sdk/backends/wasm/index.js';
import { generateEveryWay } from '../../build/sdk/generation/generate-every-way.js';
import { LocalCalls } from '../../build/sdk/generation/local-calls.js';
import { answerQueries } from '../../build/sdk/generation/queries.js';
import { serveDrafts } from '../../build/sdk/generation/serve-drafts.js';
import { LoadedModel } from '../../build/sdk/loaded-model/loaded-model.js';
import * as shapesOf from '../../build/sdk/model/weight-shapes.js';
import { loadModel } from '../../dist/index.js';
import { seededEngine, shape, shapes } from '../gpu/seeded-model.mjs';
import { scripted } from './scripted-engine.mjs';
import { texts } from './texts.mjs';

/** A tenth of GPT-2 124M: 12.3 M parameters. */
const small = shape({ nLayer: 6, nHead: 3, nEmbd: 192 });

/** @param {string[]} args `--dtype q8`, `--threads N` (1), `--rounds N` (3), `--tokens N` (160) most of an answer */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const dtype = value('--dtype', 'q8');
  const threads = Number(value('--threads', 1));
  const rounds = Number(value('--rounds', 3));
  const most = Number(value('--tokens', 160));
  let script = [];
  const create = { createWebGpuEngineBuilder: createWasmEngineBuilder };
  const open = async (config, agrees) => {
    const engine = scripted(await seededEngine(create, shapesOf, config, { dtype, threads }), () => script, agrees);
    return modelOf({ engine, config, tokenizer: undefined, generationDefaults: {}, head: undefined });
  };
  const model = await open(shapes['124M']);
  const draft = await open(small, (at) => ((Math.imul(at, 0x9e3779b1) >>> 16) % 1000) / 1000 < 0.7);
  const rows = [];
  const compare = async (name, generate) => {
    const [plain, drafted] = [[], []];
    let usage;
    for (let round = 0; round < rounds; round++) {
      plain.push((await generate(undefined)).timings.tokensPerSecond);
      const result = await generate(name.draft);
      drafted.push(result.timings.tokensPerSecond);
      usage = result.usage;
    }
    const row = (subject, metric, unit, values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const spread = { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1), runs: sorted.length };
      rows.push({ suite: 'drafts', case: `${name.text}, ${name.model}`, subject, metric, unit, ...spread });
    };
    const subject = `draft: ${name.draft === 'prompt' ? "'prompt'" : 'a model of a tenth, right in 70 %'}`;
    row('plain', 'decode', 'tokens/s', plain);
    row(subject, 'decode', 'tokens/s', drafted);
    row(
      subject,
      'times plain',
      '×',
      drafted.map((speed, i) => speed / plain[i]),
    );
    row(subject, 'drafted tokens that were right', '%', [(100 * usage.acceptedTokens) / (usage.draftedTokens || 1)]);
  };
  const shapeName = `work of GPT-2 124M ${dtype}, scripted tokens, ${threads} thread${threads > 1 ? 's' : ''}`;
  for (const { name, prompt, answer } of texts) {
    const promptIds = encode(prompt);
    const answerIds = encode(answer).slice(0, most);
    const tokens = [...promptIds, ...answerIds];
    const options = { temperature: 0, maxNewTokens: answerIds.length };
    const generate = (given) => {
      script = tokens;
      return model.generate(promptIds, { ...options, draft: given });
    };
    await generate('prompt');
    await compare({ text: name, model: shapeName, draft: 'prompt' }, generate);
    if (name === 'other text') {
      await generate(draft);
      await compare({ text: name, model: shapeName, draft }, generate);
    }
  }
  const embedded = await loadModel(undefined, { dtype, worker: false });
  const story = 'Once upon a time, there was a little girl named Lily. She loved to play outside in the sunshine.';
  for (const [text, options] of [
    ['a story, greedy', { temperature: 0 }],
    ['a story, drawn', { temperature: 0.8, seed: 3 }],
  ]) {
    const generate = (given) => embedded.generate(story, { ...options, maxNewTokens: 200, draft: given });
    for (let i = 0; i < 2; i++) await generate('prompt');
    await compare({ text, model: `embedded model ${embedded.dtype}`, draft: 'prompt' }, generate);
  }
  for (const each of [model, draft, embedded]) await each.dispose();
  return rows;
}

function modelOf(parts) {
  const connect = () => Promise.reject(new Error('no constraints here'));
  const abilities = { generate: generateEveryWay(connect, console.warn), queries: answerQueries, serveDrafts };
  const drafts = { load: () => Promise.reject(new Error('no others here')), dispose: async () => {} };
  return new LoadedModel(new LocalCalls(parts, abilities), () => undefined, drafts);
}
