// Loads one checkpoint in this process and prints time and memory as JSON. Started by in-node.mjs, once a run.

const [source, sink, threads = '1', cacheDirectory] = process.argv.slice(2);
const { openCheckpointAt } = await import('../../build/sdk/loading/open-checkpoint-at.js');
const { ownSurroundings } = await import('../../build/sdk/loading/own-surroundings.js');
const { nodeCache } = await import('../../build/sdk/weight-cache/node-cache.js');
const { createWasmEngineBuilder } = await import('../../build/sdk/backends/wasm/index.js');
const cache = cacheDirectory ? await nodeCache(cacheDirectory) : false;
const before = process.memoryUsage.rss();
const start = performance.now();
const from = /^https?:/.test(source) ? new URL(source) : source;
const checkpoint = await openCheckpointAt(from, { cache }, ownSurroundings());
const builder =
  sink === 'read'
    ? undefined
    : await createWasmEngineBuilder(checkpoint.config, { dtype: sink, threads: Number(threads) });
for await (const part of checkpoint.tensors()) await builder?.setTensor(part);
const engine = await builder?.finish();
const ms = performance.now() - start;
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ms, peakBytes: peak - before, modelBytes: engine?.bytes.weights ?? 0 }));
process.exit(0);
