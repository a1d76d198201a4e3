/**
 * A decoder with key-value inputs and outputs as transformers.js has them; what it takes and how large is read from the file.
 * @param {{ file: string, layers?: number, threads?: number, provider?: 'wasm' | 'webgpu' }} options
 */
export async function load({ file, layers = 12, threads = 1, provider = 'wasm' }) {
  const ort = await import(`/peers/onnxruntime-web/dist/ort.${provider}.min.mjs`);
  ort.env.wasm.wasmPaths = new URL('/peers/onnxruntime-web/dist/', location.href).href;
  ort.env.wasm.numThreads = threads;
  const started = performance.now();
  const bytes = new Uint8Array(await (await fetch(`/models/${file}`)).arrayBuffer());
  const cacheNames = (prefix) =>
    Array.from({ length: layers }, (_, i) => [`${prefix}.${i}.key`, `${prefix}.${i}.value`]).flat();
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: [provider],
    // As transformers.js has it: the cache stays on the GPU.
    ...(provider === 'webgpu' && {
      preferredOutputLocation: Object.fromEntries(cacheNames('present').map((name) => [name, 'gpu-buffer'])),
    }),
  });
  const loadedMs = performance.now() - started;
  const takesPositions = session.inputNames.includes('position_ids');

  /** Runs tokens behind `past`, returns the greedy next token and the new cache. */
  async function step(tokens, position, past) {
    const T = tokens.length;
    const integers = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds = {
      ...past,
      input_ids: integers(tokens),
      attention_mask: integers(Array(position + T).fill(1)),
      ...(takesPositions && { position_ids: integers(tokens.map((_, t) => position + t)) }),
    };
    const { logits, ...present } = await session.run(feeds);
    const V = logits.dims.at(-1);
    const row = logits.data.subarray(logits.data.length - V);
    let best = 0;
    for (let i = 1; i < V; i++) if (row[i] > row[best]) best = i;
    const next = {};
    for (const name in present) next[name.replace('present', 'past_key_values')] = present[name];
    // Tensors on a GPU are not collected.
    for (const name in past) past[name].dispose();
    return { token: best, past: next };
  }

  const [, heads, , headSize] = session.inputMetadata.find(({ name }) => name === 'past_key_values.0.key').shape;
  const empty = () =>
    Object.fromEntries(
      cacheNames('past_key_values').map((name) => [
        name,
        new ort.Tensor('float32', new Float32Array(0), [1, heads, 0, headSize]),
      ]),
    );
  await step([1, 2, 3], 0, empty());
  return {
    loadedMs,
    readyMs: performance.now() - started,
    async run(tokens, count) {
      const start = performance.now();
      let state = await step([...tokens], 0, empty());
      const first = performance.now();
      for (let i = 1; i < count; i++) state = await step([state.token], tokens.length + i - 1, state.past);
      return { prefillMs: first - start, decodeMs: (performance.now() - first) / (count - 1) };
    },
  };
}
