const [L, NH, HS, V] = [12, 12, 64, 50257];

export async function load({ dtype, threads }) {
  const ort = await import('/peers/onnxruntime-web/dist/ort.wasm.min.mjs');
  ort.env.wasm.wasmPaths = new URL('/peers/onnxruntime-web/dist/', location.href).href;
  ort.env.wasm.numThreads = threads;
  const started = performance.now();
  const bytes = new Uint8Array(await (await fetch(`/models/${dtype}.onnx`)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const loadedMs = performance.now() - started;

  /** Runs tokens behind `past`, returns the greedy next token and the new cache. */
  async function step(tokens, position, past) {
    const T = tokens.length;
    const integers = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds = {
      ...past,
      input_ids: integers(tokens),
      attention_mask: integers(Array(position + T).fill(1)),
      position_ids: integers(tokens.map((_, t) => position + t)),
    };
    const { logits, ...present } = await session.run(feeds);
    const row = logits.data.subarray((T - 1) * V);
    let best = 0;
    for (let i = 1; i < V; i++) if (row[i] > row[best]) best = i;
    const next = {};
    for (const name in present) next[name.replace('present', 'past_key_values')] = present[name];
    return { token: best, past: next };
  }

  const empty = () => {
    const past = {};
    for (let i = 0; i < L; i++) {
      for (const n of ['key', 'value']) {
        past[`past_key_values.${i}.${n}`] = new ort.Tensor('float32', new Float32Array(0), [1, NH, 0, HS]);
      }
    }
    return past;
  };
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
