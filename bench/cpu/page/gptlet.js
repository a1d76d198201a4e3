// One subject of the benchmark in its page. Each exports load(options) -> { run(tokens, count) -> { prefillMs, decodeMs } }.

export async function load({ dtype, threads, source = 'checkpoint', backend = 'wasm' }) {
  const { loadModel } = await import('/dist/index.js');
  const dropped = [...(document.querySelector('input')?.files ?? [])].map((file) => [file.name, file]);
  const from = dropped.length ? Object.fromEntries(dropped) : new URL(`/models/${source}/`, location.href);
  const started = performance.now();
  const model = await loadModel(from, { backend, dtype, threads, cache: false });
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
    /** How long a prefill goes on after it was aborted, `afterMs` after its start, in ms. */
    async abort(tokens, afterMs) {
      const controller = new AbortController();
      // A generation starts when it is first awaited or read.
      const running = model.generate(tokens, { maxNewTokens: 1, signal: controller.signal }).then((result) => result);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const aborted = performance.now();
      controller.abort();
      const { usage } = await running;
      if (usage.generatedTokens > 0) throw new Error(`the prefill was over after ${afterMs} ms`);
      return performance.now() - aborted;
    },
  };
}
