import { expect, test } from './harness-fixture.ts';

// What can be counted on every adapter: nothing is made while decoding, and a token is one pass and one submit.

for (const software of [true, false]) {
  test(`twelve layers decode in 63 dispatches, one pass and one submit a token, on ${software ? 'software' : 'GPU'} kernels`, async ({
    lab,
  }) => {
    // A CPU takes long over those for GPUs: lanes and barriers one after the other.
    const steps = software ? 32 : 4;
    const found = await lab.evaluate(
      async ({ software, steps }) => {
        const { makeConfig, webGpuEngine, countWork } = harness;
        const { gpu, take } = countWork(navigator.gpu);
        const config = makeConfig({ nLayer: 12, vocabSize: 5000, nCtx: 512 });
        const engine = await webGpuEngine(config, { gpu, software, dtype: 'q8' });
        const load = take();
        await engine.forwardCandidates(Uint32Array.of(1), 0);
        take();
        await engine.decodeGreedy(1, 0, 1);
        const greedy = take();
        await engine.decodeGreedy(1, 0, steps);
        const ahead = take();
        await engine.forwardCandidates(Uint32Array.of(1), 40);
        const candidates = take();
        await engine.forward(Uint32Array.of(1), 41);
        const logits = take();
        await engine.dispose();
        return { load, greedy, ahead, candidates, logits };
      },
      { software, steps },
    );
    const one = {
      passes: 1,
      submits: 1,
      bindGroupsCreated: 0,
      buffersCreated: 0,
      pipelinesCompiled: 0,
      bytesWritten: 24,
    };
    expect(found.greedy).toEqual({ ...one, dispatches: 63, bytesRead: 4 });
    expect(found.ahead).toEqual({ ...one, dispatches: steps * 63, bytesRead: steps * 4 });
    expect(found.candidates).toEqual({ ...one, dispatches: 63, bytesRead: 3596 });
    expect(found.logits).toEqual({ ...one, dispatches: 62, bytesRead: 5000 * 4 });
    // One compilation a kind of step, not one a layer.
    expect(found.load.pipelinesCompiled).toBeLessThanOrEqual(14);
  });
}

const turn = { size: 16, base: 10_000 };
const llama = {
  nLayer: 4,
  nKvHead: 1,
  normKind: 'rms',
  activation: 'silu',
  gatedMlp: true,
  learnedPositions: 0,
  rotary: [turn, turn, turn, turn],
  biases: [],
} as const;
const gemma = { ...llama, queryKeyNorm: 'head', normPlacement: 'sandwich', attentionWindow: [8, 8, 8, 0] } as const;
const lfm = {
  ...llama,
  convolutionSize: 3,
  blockKind: ['convolution', 'convolution', 'attention', 'attention'],
} as const;

for (const [name, changes, dispatches] of [
  ['Llama', llama, 6],
  ['Qwen 3', { ...llama, queryKeyNorm: 'head' }, 6],
  ['OLMo 2', { ...llama, queryKeyNorm: 'joint', normPlacement: 'output' }, 6],
  ['Gemma 3', gemma, 6],
  // Five of a convolution.
  ['LFM 2', lfm, 5.5],
] as const) {
  test(`${name} decodes in ${dispatches} dispatches a layer and three more, and makes nothing but when its cache grows`, async ({
    lab,
  }) => {
    const found = await lab.evaluate(async (changes) => {
      const { makeConfig, webGpuEngine, countWork } = harness;
      const { gpu, take } = countWork(navigator.gpu);
      const engine = await webGpuEngine(makeConfig({ ...changes, nCtx: 64 } as never), { gpu, firstCapacity: 32 });
      await engine.decodeGreedy(1, 0, 4);
      take();
      await engine.decodeGreedy(1, 4, 28);
      const ahead = take();
      await engine.decodeGreedy(1, 32, 4);
      const growing = take();
      await engine.decodeGreedy(1, 36, 28);
      const grown = take();
      await engine.dispose();
      return { ahead, growing, grown };
    }, changes);
    const same = {
      passes: 1,
      submits: 1,
      bindGroupsCreated: 0,
      buffersCreated: 0,
      pipelinesCompiled: 0,
      bytesWritten: 24,
    };
    const run = { ...same, dispatches: 28 * (4 * dispatches + 3), bytesRead: 28 * 4 };
    expect(found.ahead).toEqual(run);
    expect(found.growing.buffersCreated).toBeGreaterThan(3);
    expect(found.growing.pipelinesCompiled).toBe(0);
    expect(found.grown).toEqual(run);
  });
}
