// Letters of the made-up vocabulary (peers/gguf-file.mjs) are tokens, so a text of n letters has n of them.
const letters = 'etaoinshrdlucmfwypvbgkjqxz';

/** `gpuLayers` are how many layers run on WebGPU, 0 for none. */
export async function load({ file, threads = 1, gpuLayers = 0 }) {
  const { Wllama } = await import('/peers/@wllama/wllama/esm/index.min.js');
  const wllama = new Wllama({ default: '/peers/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: true });
  wllama.setCompat(null);
  const started = performance.now();
  const blob = await (await fetch(`/models/${file}`)).blob();
  await wllama.loadModel([blob], { n_ctx: 1024, n_threads: threads, n_gpu_layers: gpuLayers });
  const loadedMs = performance.now() - started;
  const complete = (prompt, count) =>
    wllama.createCompletion({
      prompt,
      max_tokens: count,
      temperature: 0,
      stream: true,
      cache_prompt: false,
      ignore_eos: true,
    });
  for await (const _ of await complete('hello', 1));
  return {
    loadedMs,
    readyMs: performance.now() - started,
    async run(tokens, count) {
      const prompt = Array.from(tokens, (id) => letters[id % 26]).join('');
      const times = [performance.now()];
      for await (const _ of await complete(prompt, count)) times.push(performance.now());
      const last = times.length - 1;
      return { prefillMs: times[1] - times[0], decodeMs: (times[last] - times[1]) / (last - 1) };
    },
  };
}
