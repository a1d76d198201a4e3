import { expect, test } from './harness-fixture.ts';

// What can be counted on every adapter: nothing is made while decoding, and a token is one pass and one submit.

for (const software of [true, false]) {
  test(`twelve layers decode in 63 dispatches a token and one more a call, one token and then four a submit, on ${software ? 'software' : 'GPU'} kernels`, async ({
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
    // The embedding, for the first token alone: choosing one embeds the next.
    expect(found.greedy).toEqual({ ...one, dispatches: 64, bytesRead: 4 });
    const fours = { passes: steps / 4 + 1, submits: steps / 4 + 1 };
    expect(found.ahead).toEqual({ ...one, ...fours, dispatches: 1 + steps * 63, bytesRead: steps * 4 });
    expect(found.candidates).toEqual({ ...one, dispatches: 65, bytesRead: 3596 });
    expect(found.logits).toEqual({ ...one, dispatches: 62, bytesRead: 5000 * 4 });
    // One compilation a kind of step, not one a layer.
    expect(found.load.pipelinesCompiled).toBeLessThanOrEqual(15);
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

const byHead = { ...llama, queryKeyNorm: 'head' } as const;
const jointly = { ...llama, queryKeyNorm: 'joint', normPlacement: 'output' } as const;
const [softwareKernels, gpuKernels] = [{}, { software: false }];

for (const [name, changes, options, dispatches] of [
  ['Llama', llama, softwareKernels, 6],
  ['LFM 2, of whose convolutions each takes five,', lfm, softwareKernels, 5.5],
  ['Llama', llama, gpuKernels, 5],
  ['Qwen 3', byHead, gpuKernels, 5],
  ['OLMo 2', jointly, gpuKernels, 5],
  ['Gemma 3', gemma, gpuKernels, 5],
  ['LFM 2', lfm, gpuKernels, 5],
] as const) {
  const kind = options === gpuKernels ? 'GPU' : 'software';
  test(`${name} decodes in ${dispatches} dispatches a layer and three more on ${kind} kernels, and makes nothing but when its cache grows`, async ({
    lab,
  }) => {
    const found = await lab.evaluate(
      async ({ changes, options }) => {
        const { makeConfig, webGpuEngine, countWork } = harness;
        const { gpu, take } = countWork(navigator.gpu);
        const config = makeConfig({ ...changes, nCtx: 16 } as never);
        const engine = await webGpuEngine(config, { gpu, firstCapacity: 4, ...options });
        await engine.decodeGreedy(1, 0, 2);
        take();
        await engine.decodeGreedy(1, 2, 2);
        const ahead = take();
        await engine.decodeGreedy(1, 4, 2);
        const growing = take();
        await engine.decodeGreedy(1, 6, 2);
        const grown = take();
        await engine.dispose();
        return { ahead, growing, grown };
      },
      { changes, options },
    );
    const same = {
      passes: 1,
      submits: 1,
      bindGroupsCreated: 0,
      buffersCreated: 0,
      pipelinesCompiled: 0,
      bytesWritten: 24,
    };
    const twice = { passes: 2, submits: 2 };
    const run = { ...same, ...twice, dispatches: 2 * (4 * dispatches + 3) + 1, bytesRead: 2 * 4 };
    expect(found.ahead).toEqual(run);
    expect(found.growing.buffersCreated).toBeGreaterThan(3);
    expect(found.growing.pipelinesCompiled).toBe(0);
    expect(found.grown).toEqual(run);
  });
}
