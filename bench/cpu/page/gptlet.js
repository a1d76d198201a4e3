// One subject of the benchmark in its page. Each exports load(options) -> { run(tokens, count) -> { prefillMs, decodeMs } }.

export async function load({ dtype, threads }) {
  const { loadModel } = await import('/dist/index.js');
  const started = performance.now();
  const options = { backend: 'wasm', dtype, threads, cache: false };
  const model = await loadModel(new URL('/models/checkpoint/', location.href), options);
  await model.generate([1, 2, 3], { maxNewTokens: 1, minNewTokens: 1, temperature: 0 });
  return {
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
