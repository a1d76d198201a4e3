// Makes a vocabulary's tokenizer several times; prints times and what the last one keeps in memory. Arguments: name, folder.
import { createTokenizer } from '../../dist/tokenizer.js';
import { readVocabulary } from './vocabularies.mjs';

const [name, folder] = process.argv.slice(2);
const rounds = 5;

/** Bytes in use, once all that nobody holds is gone: JavaScript's, those of buffers, and a tokenizer's WebAssembly memory. */
async function inUse() {
  for (let i = 0; i < 3; i++) {
    global.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const files = readVocabulary(name, folder);
await createTokenizer(files);
const before = await inUse();
const times = [];
let tokenizer;
for (let i = 0; i < rounds; i++) {
  tokenizer = undefined;
  const start = performance.now();
  tokenizer = await createTokenizer(files);
  times.push(performance.now() - start);
}
tokenizer.encode('Hello');
const kept = (await inUse()) - before;
console.log(JSON.stringify({ times, kept, fileBytes: files['tokenizer.json'].length, ids: tokenizer.count('Hello') }));
