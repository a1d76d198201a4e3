import { expect, test } from './harness-fixture.ts';

// Random weights, and the slow reference beside the engine. Tolerances are absolute, on values of order 1.

test('hidden states, attention and logits of any kind agree with the reference, over several chunks', async ({
  lab,
}) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference } = harness;
    const results: Record<string, Record<string, number>> = {};
    const shapes = {
      'pre-norm': {},
      'pre-norm without a final norm': { finalNorm: false },
      'post-norm': { normPlacement: 'post', finalNorm: false, tiedHead: false },
      'post-norm with a final norm': { normPlacement: 'post', finalNorm: true },
      'banded, odd sizes': { nEmbd: 30, nHead: 3, nInner: 50, attentionWindow: [5, 0], activation: 'silu' },
    } as const;
    for (const [shape, changes] of Object.entries(shapes)) {
      const config = makeConfig(changes);
      const engine = await webGpuEngine(config, { chunk: 32 });
      const reference = await referenceEngine(config);
      const tokens = randomTokens(config, 41);
      const wanted = await reference.forward(tokens, 0, { logits: 'all', hidden: 'all', inspect: true });
      const all = await engine.forward(tokens, 0, { logits: 'all', hidden: 'all', inspect: true });
      const last = await engine.forward(tokens, 0, { logits: 'last', hidden: 'last' });
      const ahead = await engine.forward(tokens.subarray(0, 30), 0, { logits: 'none' });
      const mixed = await engine.forward(tokens.subarray(30, 40), 30, { logits: 'last', hidden: 'all' });
      const one = await engine.forward(tokens.subarray(40), 40, { hidden: 'last' });
      const { nEmbd, vocabSize } = config;
      results[shape] = {
        logits: maxDifference(all.logits, wanted.logits),
        hidden: maxDifference(all.hidden, wanted.hidden),
        attention: maxDifference(all.attention, wanted.attention),
        hiddenStates: maxDifference(all.hiddenStates, wanted.hiddenStates),
        lastLogits: maxDifference(last.logits, wanted.logits?.slice(40 * vocabSize)),
        lastHidden: maxDifference(last.hidden, wanted.hidden?.slice(40 * nEmbd)),
        nothing: Object.keys(ahead).length,
        laterHidden: maxDifference(mixed.hidden, wanted.hidden?.slice(30 * nEmbd, 40 * nEmbd)),
        laterLogits: maxDifference(mixed.logits, wanted.logits?.slice(39 * vocabSize, 40 * vocabSize)),
        decodedLogits: maxDifference(one.logits, wanted.logits?.slice(40 * vocabSize)),
        decodedHidden: maxDifference(one.hidden, wanted.hidden?.slice(40 * nEmbd)),
      };
      await engine.dispose();
    }
    return results;
  });
  for (const [shape, values] of Object.entries(found)) {
    for (const [what, value] of Object.entries(values)) expect(value, `${shape}: ${what}`).toBeLessThan(1e-4);
  }
});

test('several sequences in a pass give what each gives alone, after shared tokens or none', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference } = harness;
    const results: Record<string, number> = {};
    // Kernels for software adapters and for GPUs, a window, and fewer tokens a pass than all sequences have.
    for (const software of [true, false]) {
      const config = makeConfig({ attentionWindow: [0, 6] });
      const engine = await webGpuEngine(
        config,
        software ? { chunk: 32 } : { chunk: 64, software: false, subgroups: false },
      );
      const reference = await referenceEngine(config);
      const tokens = randomTokens(config, 60);
      const sequences = [5, 1, 17, 2, 40, 9].map((length, i) => tokens.subarray(i, i + length));
      for (const position of [0, 13]) {
        if (position > 0) {
          for (const each of [engine, reference]) await each.forward(tokens.subarray(40, 40 + position), 0);
        }
        for (const options of [
          { logits: 'all', hidden: 'all' },
          { logits: 'none', hidden: 'last' },
          { logits: 'last', hidden: 'none' },
        ] as const) {
          const ours = await engine.forwardBatch(sequences, position, options);
          const wanted = await reference.forwardBatch(sequences, position, options);
          ours.forEach((result, i) => {
            const name = `${software} ${position} ${options.logits} ${options.hidden} ${i}`;
            if (options.logits !== 'none') results[`logits ${name}`] = maxDifference(result.logits, wanted[i].logits);
            if (options.hidden !== 'none') results[`hidden ${name}`] = maxDifference(result.hidden, wanted[i].hidden);
          });
        }
      }
      // What they shared is still there, and decoding goes on after it.
      const next = tokens.subarray(0, 1);
      const alone = (await engine.forward(next, 13)).logits;
      results[`then ${software}`] = maxDifference(alone, (await reference.forward(next, 13)).logits);
      await engine.dispose();
    }
    return results;
  });
  expect(Object.keys(found)).toHaveLength(2 * (2 * 4 * 6 + 1));
  for (const [what, value] of Object.entries(found)) expect(value, what).toBeLessThan(1e-4);
});

test('logits of all positions are the caller’s to keep, also of a single one', async ({ lab }) => {
  const same = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, maxDifference } = harness;
    const engine = await webGpuEngine(makeConfig());
    const { logits } = await engine.forward(Uint32Array.of(1), 0, { logits: 'all' });
    const before = logits?.slice();
    const other = (await engine.forward(Uint32Array.of(2), 0, { logits: 'all' })).logits;
    const found = { kept: maxDifference(logits, before), other: maxDifference(other, before) };
    await engine.dispose();
    return found;
  });
  expect(same.kept).toBe(0);
  expect(same.other).toBeGreaterThan(0.01);
});

test('slots are apart, and a copy goes on as the original does', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference } = harness;
    const config = makeConfig();
    const engine = await webGpuEngine(config);
    const reference = await referenceEngine(config);
    const tokens = randomTokens(config, 20);
    const before = engine.bytes.kvCache;
    engine.reserveSlots(3);
    await engine.forward(tokens.subarray(0, 10), 0);
    await engine.forward(randomTokens(config, 12, 99), 0, { slot: 2 });
    engine.copySlot(0, 1, 10);
    await engine.forward(randomTokens(config, 12, 98), 0, { slot: 0 });
    const wanted = (await reference.forward(tokens, 0)).logits;
    const copied = (await engine.forward(tokens.subarray(10), 10, { slot: 1 })).logits;
    const other = (await engine.forward(tokens.subarray(10), 10, { slot: 2 })).logits;
    const again = (await engine.forward(tokens, 0, { slot: 0 })).logits;
    await engine.dispose();
    return {
      copied: maxDifference(copied, wanted),
      other: maxDifference(other, wanted),
      again: maxDifference(again, wanted),
      grew: engine.bytes.kvCache / before,
    };
  });
  expect(found.copied).toBeLessThan(1e-4);
  expect(found.again).toBeLessThan(1e-4);
  expect(found.other).toBeGreaterThan(1e-2); // another past gives another future
});

for (const software of [true, false]) {
  test(`f16, q8 and q4 compute what their rounded weights say, on ${software ? 'software' : 'GPU'} kernels${software ? '' : ' @every'}`, async ({
    lab,
  }) => {
    const found = await lab.evaluate(async (software) => {
      const { makeConfig, webGpuEngine, referenceEngine, randomTokens, relativeError } = harness;
      // 96 inputs are three blocks of 32: rows of scales then end in the middle of a word.
      const config = makeConfig({ nEmbd: 96, nHead: 4, nLayer: 2 });
      const tokens = randomTokens(config, software ? 24 : 9);
      const results: Record<string, { prefill: number; decode: number; f32: number; weights: number }> = {};
      const exact = (await (await referenceEngine(config)).forward(tokens, 0)).logits;
      for (const dtype of ['f16', 'q8', 'q4'] as const) {
        const wanted = (await (await referenceEngine(config, 1, dtype)).forward(tokens, 0)).logits;
        const engine = await webGpuEngine(config, { dtype, software });
        const prefilled = (await engine.forward(tokens, 0)).logits;
        let decoded: Float32Array | undefined;
        for (let t = 0; t < tokens.length; t++) decoded = (await engine.forward(tokens.subarray(t, t + 1), t)).logits;
        results[dtype] = {
          prefill: relativeError(prefilled, wanted),
          decode: relativeError(decoded, wanted),
          f32: relativeError(prefilled, exact),
          weights: engine.bytes.weights,
        };
        await engine.dispose();
      }
      return results;
    }, software);
    for (const dtype of ['f16', 'q8', 'q4'] as const) {
      // Relative to the length of the logit vector. What is left is the f16 of the KV cache.
      expect(found[dtype].prefill, `${dtype} prefill`).toBeLessThan(1e-3);
      expect(found[dtype].decode, `${dtype} decode`).toBeLessThan(1e-3);
    }
    expect(found.f16.f32).toBeLessThan(3e-3);
    expect(found.q8.f32).toBeLessThan(3e-2);
    expect(found.q4.f32).toBeGreaterThan(found.q8.f32); // they are really used
    expect(found.q4.weights).toBeLessThan(found.q8.weights);
    expect(found.q8.weights).toBeLessThan(found.f16.weights);
  });
}

test('a tensor that exceeds the binding limit is split, with the same result', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, randomTokens, maxDifference, limitBindings } = harness;
    const config = makeConfig({ vocabSize: 1000 });
    const tokens = Uint32Array.from([...randomTokens(config, 12), 999, 0, 511, 512]);
    const whole = await webGpuEngine(config, { software: true });
    const wanted = (await whole.forward(tokens, 0, { logits: 'all' })).logits;
    const greedy = await whole.decodeGreedy(5, 16, 8);
    await whole.dispose();
    const split = await webGpuEngine(config, { software: true, gpu: limitBindings(40_000) });
    const logits = (await split.forward(tokens, 0, { logits: 'all' })).logits;
    const last = (await split.forward(tokens, 0)).logits;
    const splitGreedy = await split.decodeGreedy(5, 16, 8);
    await split.dispose();
    return {
      all: maxDifference(logits, wanted),
      last: maxDifference(last, wanted?.slice(15 * 1000)),
      greedy: [...greedy],
      splitGreedy: [...splitGreedy],
    };
  });
  expect(found.all).toBeLessThan(1e-6);
  expect(found.last).toBeLessThan(1e-5);
  expect(found.splitGreedy).toEqual(found.greedy);
});

test('candidates are the largest logits with the exact log-sum-exp', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, randomTokens } = harness;
    const engine = await webGpuEngine(makeConfig({ vocabSize: 3001 }));
    const tokens = randomTokens(engine.config, 9);
    const { tokenIds, logits, logSumExp } = await engine.forwardCandidates(tokens, 0);
    const row = (await engine.forward(tokens.subarray(8), 8)).logits as Float32Array;
    const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    const wantedSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
    const small = await webGpuEngine(makeConfig({ vocabSize: 40 }));
    const everything = await small.forwardCandidates(Uint32Array.of(1, 2), 0);
    const most = engine.mostCandidates;
    await engine.dispose();
    await small.dispose();
    return {
      ids: [...tokenIds],
      wantedIds: order.slice(0, tokenIds.length),
      values: [...logits],
      wantedValues: order.slice(0, tokenIds.length).map((id) => row[id]),
      sum: Math.abs(logSumExp - wantedSum),
      count: tokenIds.length,
      most,
      everything: everything.tokenIds.length,
    };
  });
  expect(found.count).toBe(found.most);
  expect(found.ids).toEqual(found.wantedIds);
  expect(found.values).toEqual(found.wantedValues);
  expect(found.sum).toBeLessThan(1e-4);
  expect(found.everything).toBe(40);
});
