import { seededEngine, shapes } from '../seeded-model.mjs';

/** The engine on the 124M shape: the same run as bench/cpu/page/onnxruntime.js has. */
export async function load({ dtype }) {
  const [webgpu, tensor] = await Promise.all([
    import('/build/sdk/backends/webgpu/index.js'),
    import('/build/sdk/model/weight-shapes.js'),
  ]);
  const engine = await seededEngine(webgpu, tensor, shapes['124M'], { dtype });
  return {
    async run(tokens, count) {
      const start = performance.now();
      let [token] = (await engine.forwardCandidates(Uint32Array.from(tokens), 0)).tokenIds;
      const first = performance.now();
      // One token a readback, though more would be faster: the peer has to look at each, too.
      for (let i = 1; i < count; i++) [token] = await engine.decodeGreedy(token, tokens.length + i - 1, 1);
      return { prefillMs: first - start, decodeMs: (performance.now() - first) / (count - 1) };
    },
  };
}
