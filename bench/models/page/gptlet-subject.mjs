import { seededEngine } from '../../gpu/seeded-model.mjs';
import { shapes } from '../shapes.mjs';

const modules = { wasm: '/build/sdk/backends/wasm/index.js', webgpu: '/build/sdk/backends/webgpu/index.js' };

/**
 * The engine behind generation, and its tokens chosen as generation does: on the CPU by the sampler out of all logits, on the
 * GPU by the engine itself, one token a readback, because peers look at each token, too.
 */
export async function gptletSubject({ shape, dtype, threads, backend, contextLength }) {
  const [engines, tensor, { createSampler }] = await Promise.all([
    import(modules[backend]),
    import('/build/sdk/model/weight-shapes.js'),
    import('/build/sdk/sampler/create-sampler.js'),
  ]);
  const started = performance.now();
  const create = engines.createWasmEngineBuilder ?? engines.createWebGpuEngineBuilder;
  const engine = await seededEngine({ createWebGpuEngineBuilder: create }, tensor, shapes[shape].config, {
    dtype,
    threads,
    contextLength,
  });
  const loadedMs = performance.now() - started;
  const sampler = await createSampler({ temperature: 0 });
  const chooses = 'decodeGreedy' in engine;
  const prefill = async (tokens) =>
    chooses
      ? (await engine.forwardCandidates(tokens, 0)).tokenIds[0]
      : sampler.next((await engine.forward(tokens, 0)).logits).tokenId;
  const step = async (token, position) =>
    chooses
      ? (await engine.decodeGreedy(token, position, 1))[0]
      : sampler.next((await engine.forward(Uint32Array.of(token), position)).logits).tokenId;
  await step(await prefill(Uint32Array.of(1, 2, 3)), 3);
  return {
    loadedMs,
    readyMs: performance.now() - started,
    bytes: { weights: engine.bytes.weights },
    async run(tokens, count) {
      const start = performance.now();
      let token = await prefill(Uint32Array.from(tokens));
      const first = performance.now();
      for (let i = 1; i < count; i++) token = await step(token, tokens.length + i - 1);
      return { prefillMs: first - start, decodeMs: (performance.now() - first) / (count - 1) };
    },
    /** Of the time of a token's pass how much is the head's: passes with logits and without take turns. */
    async headShare(position, count) {
      const sum = { last: 0, none: 0 };
      for (let i = 0; i < count; i++) {
        for (const logits of ['last', 'none']) {
          const start = performance.now();
          await engine.forward(Uint32Array.of(1), position + i, { logits });
          sum[logits] += performance.now() - start;
        }
      }
      return 1 - sum.none / sum.last;
    },
  };
}
