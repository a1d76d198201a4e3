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
