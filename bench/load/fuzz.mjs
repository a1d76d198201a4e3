// Loads many spoilt files: safetensors headers, zips, pickles, indexes, configs and tokenizer files with random changes.
// Each must end in a model (a tokenizer) or a GptletError, within 2 s and without arrays beyond twice its size (+ 1 MB).
// Usage: node bench/load/fuzz.mjs [inputs = 210000] [seed = 1] [--tokenizer]: the last reads tokenizer files only

import { fileURLToPath } from 'node:url';
import { importCompiled } from '../compile-testing.mjs';

const { fuzz } = await importCompiled('checkpoint/testing/fuzz.js');
const { fuzzTargets } = await importCompiled('checkpoint/testing/fuzz-targets.js');
const { tokenizerFuzzTargets } = await importCompiled('checkpoint/testing/tokenizer-fuzz-targets.js');
const args = process.argv.slice(2);
const [inputs = 210_000, seed = 1] = args.filter((word) => !word.startsWith('--')).map(Number);
const checkpoints = fuzzTargets(fileURLToPath(new URL('../../', import.meta.url)));
const targets = args.includes('--tokenizer') ? tokenizerFuzzTargets() : [...checkpoints, ...tokenizerFuzzTargets()];
const start = performance.now();
for (const target of targets) {
  const { loaded, refused, slowestMs, worstAllocation } = await fuzz(
    [target],
    Math.ceil(inputs / targets.length),
    seed,
  );
  const codes = Object.entries(refused).map(([code, count]) => `${code} ${count}`);
  console.log(
    `${target.name}: ${loaded} loaded, ${codes.join(', ')}; slowest ${slowestMs.toFixed(0)} ms, largest array ${worstAllocation} bytes`,
  );
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${Math.ceil(inputs / targets.length) * targets.length} inputs in ${seconds.toFixed(0)} s, none crashed, hung or asked for too much`,
);
