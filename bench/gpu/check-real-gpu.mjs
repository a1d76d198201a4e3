// Whether a real GPU computes what it should, under Node with Dawn: what e2e/webgpu checks on the software adapter.
//
//   node bench/gpu/check-real-gpu.mjs [--json FILE] [--no-build] [--dry]
//
// Every kernel against its twin on random numbers; engines of later families against the reference; the fixtures' logits and greedy tokens as PyTorch computes them; 200
// greedy tokens up to position 1,024 as the reference engine has them. Exits with 1 when any differs by more than it may.
// record.mjs writes the file of `--json` into docs/measured.md. `--no-build` takes build/gpu-harness.mjs as it is. `--dry` leaves out what takes a software adapter minutes.
import { readFileSync } from 'node:fs';
import { serve } from '../../scripts/serve.mjs';
import { openDawn } from './open-dawn.mjs';
import { describeRun, writeResults } from './results.mjs';

const args = process.argv.slice(2);
const [dry, json] = [args.includes('--dry'), args.includes('--json') && args[args.indexOf('--json') + 1]];
if (!args.includes('--no-build')) {
  const { bundleHarness } = await import('./bundle-harness.mjs');
  await bundleHarness('build/gpu-harness.mjs');
}
const site = await serve('.');
// What the harness finds in a page.
globalThis.location = { href: `${site.url}/` };
const gpu = openDawn(process.env.GPTLET_DAWN?.split(','));
Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
const harness = await import('../../build/gpu-harness.mjs');

const { info } = await gpu.requestAdapter({ powerPreference: 'high-performance' });
const made = describeRun('node bench/gpu/check-real-gpu.mjs', info);
const results = [];
/** Notes a difference and what it may be. */
function check(name, found, most) {
  results.push({ name, found, most, ok: found <= most });
  if (json) writeResults(json, made, results);
}
async function group(name, run) {
  const started = performance.now();
  const first = results.length;
  try {
    await run();
  } catch (error) {
    results.push({ name, found: String(error), most: 0, ok: false });
  }
  const bad = results.slice(first).filter(({ ok }) => !ok);
  console.log(
    `${bad.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${results.length - first} checks, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  for (const { name: which, found, most } of bad) console.log(`     ${which}: ${found} > ${most}`);
}
/** How many of some tokens are not the wanted ones. */
const wrong = (tokens, wanted) =>
  wanted.filter((id, i) => tokens[i] !== id).length + Math.abs(tokens.length - wanted.length);

const kinds = { subgroups: {}, ...(!dry && { 'workgroup memory': { subgroups: false } }) };
const activations = { f32: 'gelu_new', f16: 'gelu', q8: 'silu', q4: 'tanh' };
for (const [kind, options] of Object.entries(kinds)) {
  for (const [dtype, activation] of Object.entries(activations).slice(0, dry ? 1 : 4)) {
    await group(`kernels in ${dtype} by ${kind}, against their twins`, async () => {
      const traits = { software: false, subgroups: options.subgroups !== false };
      const found = {
        ...(await harness.kernelDifferences(traits, dtype, activation)),
        ...Object.fromEntries(
          Object.entries(await harness.familyKernelDifferences(traits, dtype)).map(([kernel, difference]) => [
            `later families: ${kernel}`,
            difference,
          ]),
        ),
      };
      for (const [kernel, difference] of Object.entries(found)) {
        // Keys and values are kept in f16 unless all is f32: half a unit in the last place of values up to 4.
        check(`${kernel} ${dtype} ${kind}`, difference, kernel.endsWith('cache') && dtype !== 'f32' ? 2e-3 : 2e-5);
      }
    });
  }
}

const fixtures = ['gpt2-tiny', 'gpt2-nhead3-nctx77', 'gpt2-untied-eps', 'gpt2-flags', 'gpt2-relu-unscaled', 'gpt2-odd'];
for (const name of dry ? ['gpt2-odd'] : [...fixtures, 'gpt2-f16', 'gpt2-bf16', 'gpt1-tiny', 'gpt-neo-tiny']) {
  await group(`${name} against PyTorch`, async () => {
    const { ids, greedyPrompt, greedy } = JSON.parse(readFileSync(`fixtures/${name}/expected.json`, 'utf8'));
    const wanted = new Float32Array(readFileSync(`fixtures/${name}/logits.f32`).buffer.slice(0));
    const tokens = Uint32Array.from(ids);
    for (const [kind, options] of Object.entries(kinds)) {
      const engine = await harness.loadCheckpoint(`/fixtures/${name}`, 'f32', { software: false, ...options });
      const prefilled = (await engine.forward(tokens, 0, { logits: 'all' })).logits;
      const decoded = new Float32Array(wanted.length);
      for (let t = 0; t < ids.length; t++) {
        const { logits } = await engine.forward(tokens.subarray(t, t + 1), t);
        decoded.set(logits, t * engine.config.vocabSize);
      }
      check(`${name} ${kind} prefill`, harness.maxDifference(prefilled, wanted), 1e-4);
      check(`${name} ${kind} decode`, harness.maxDifference(decoded, wanted), 1e-4);
      const count = greedy.length;
      check(`${name} ${kind} greedy`, wrong(await harness.greedy(engine, greedyPrompt, count), greedy), 0);
      check(`${name} ${kind} greedy ahead`, wrong(await harness.greedyAhead(engine, greedyPrompt, count), greedy), 0);
      await engine.dispose();
    }
  });
}

if (!dry) {
  await group('200 greedy tokens up to position 1,024 against the reference', async () => {
    const { makeConfig, referenceEngine, webGpuEngine, randomTokens, greedy, greedyAhead, maxDifference } = harness;
    const config = makeConfig({
      nEmbd: 48,
      nHead: 3,
      nCtx: 1024,
      vocabSize: 300,
      attentionWindow: [0, 100],
      tiedHead: false,
    });
    const reference = await referenceEngine(config);
    const prompt = [...randomTokens(config, 824)];
    const wanted = await greedy(reference, prompt, 200);
    const all = Uint32Array.of(...prompt, ...wanted);
    const last = (await reference.forward(all, 0)).logits;
    for (const [kind, options] of Object.entries(kinds)) {
      const engine = await webGpuEngine(config, { software: false, ...options });
      check(`1,024 ${kind} greedy`, wrong(await greedyAhead(engine, prompt, 200), wanted), 0);
      check(
        `1,024 ${kind} decode`,
        maxDifference((await engine.forward(all.subarray(1023), 1023)).logits.slice(), last),
        1e-4,
      );
      check(`1,024 ${kind} prefill`, maxDifference((await engine.forward(all, 0)).logits, last), 1e-4);
      await engine.dispose();
    }
  });
}

for (const name of dry ? [] : ['Qwen 3', 'OLMo 2', 'Gemma 2', 'LFM 2']) {
  await group(`all that an engine does as ${name}, against the reference`, async () => {
    for (const [kind, options] of Object.entries(kinds)) {
      const config = harness.makeConfig(harness.familyConfigs[name]);
      const found = await harness.engineDifferences(config, { software: false, splits: 3, ...options });
      for (const [what, difference] of Object.entries(found)) check(`${name} ${kind} ${what}`, difference, 1e-4);
    }
  });
}

if (info.subgroupMatrixConfigs?.length > 0) {
  await group('prefill by matrix units against the reference', async () => {
    for (const dtype of ['f16', 'q8', 'q4']) {
      const config = harness.makeConfig({ nEmbd: 96, nHead: 3, nInner: 160, nCtx: 128, vocabSize: 300 });
      const tokens = harness.randomTokens(config, 77);
      const wanted = (await (await harness.referenceEngine(config, 1, dtype)).forward(tokens, 0)).logits;
      const engine = await harness.webGpuEngine(config, { dtype, subgroupMatrices: true });
      // Activations are rounded to f16, of which the relative error is up to 2^-11.
      check(`matrix units ${dtype}`, harness.relativeError((await engine.forward(tokens, 0)).logits, wanted), 5e-3);
      await engine.dispose();
    }
  });
}

const bad = results.filter(({ ok }) => !ok);
console.log(`${results.length - bad.length} of ${results.length} checks hold`);
await site.close();
process.exit(bad.length === 0 ? 0 : 1);
