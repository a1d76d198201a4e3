// One subject of the benchmark in its page. Each exports load(options) -> { run(tokens, count) -> { prefillMs, decodeMs } }.

export async function load({ dtype, threads, source = 'checkpoint', backend = 'wasm' }) {
  const { loadModel } = await import('/dist/index.js');
  const started = performance.now();
  const options = { backend, dtype, threads, cache: false };
  const model = await loadModel(new URL(`/models/${source}/`, location.href), options);
  const loadedMs = performance.now() - started;
  await model.generate([1, 2, 3], { maxNewTokens: 1, minNewTokens: 1, temperature: 0 });
  return {
    loadedMs,
    readyMs: performance.now() - started,
    bytes: model.bytes,
    async run(tokens, count) {
      const options = { maxNewTokens: count, minNewTokens: count, temperature: 0 };
      const { timings, usage } = await model.generate(tokens, options);
      if (usage.generatedTokens !== count || usage.cachedTokens) throw new Error(JSON.stringify(usage));
      return { prefillMs: timings.prefillMs, decodeMs: timings.decodeMs / (count - 1) };
    },
  };
}
