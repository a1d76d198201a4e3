import { expect, test } from './harness-fixture.ts';

// The KV cache grows as it fills, and layers with a window drop what lies behind it. On software kernels; where rows lie is the same on all.

test('a cache that has grown and dropped what a window has left gives the reference’s logits', async ({ lab }) => {
  test.setTimeout(240_000);
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference, failure } = harness;
    const turn = { size: 16, base: 10_000 };
    const config = makeConfig({
      nCtx: 2048,
      vocabSize: 64,
      attentionWindow: [20, 0],
      rotary: [turn, turn],
      learnedPositions: 0,
    });
    const V = config.vocabSize;
    const tokens = randomTokens(config, 1300);
    const reference = await referenceEngine(config);
    const wanted = (await reference.forward(tokens, 0, { logits: 'all' })).logits as Float32Array;
    const engine = await webGpuEngine(config, { firstCapacity: 32 });
    const differences: Record<string, number> = {};
    const check = (what: string, logits: Float32Array | undefined, at: number): void => {
      const rows = (logits?.length ?? 0) / V;
      differences[what] = maxDifference(logits, wanted.slice((at + 1 - rows) * V, (at + 1) * V));
    };
    const forward = async (what: string, from: number, to: number, slot = 0): Promise<void> =>
      check(what, (await engine.forward(tokens.subarray(from, to), from, { slot })).logits?.slice(), to - 1);

    const bytes = [engine.bytes.kvCache];
    await forward('first', 0, 20);
    bytes.push(engine.bytes.kvCache);
    await forward('grown', 20, 300);
    bytes.push(engine.bytes.kvCache);
    for (let t = 300; t < 330; t++) await forward('one by one', t, t + 1);
    await forward('windowed layer full', 330, 900);
    bytes.push(engine.bytes.kvCache);
    const reached = [0, 1, 500, 890, 900].map((position) => engine.reaches(position));
    const refused = await failure(() => engine.forward(tokens.subarray(1, 3), 1));
    await forward('back by some', 890, 1200);
    engine.reserveSlots(2);
    engine.copySlot(0, 1, 1200);
    await forward('copied', 1200, 1250, 1);
    const sequences = [tokens.subarray(1200, 1240), tokens.subarray(1200, 1203)];
    const batch = await engine.forwardBatch(sequences, 1200, { logits: 'all' });
    check('batch', batch[0].logits, 1239);
    check('batch, second', batch[1].logits, 1202);
    await forward('after the batch', 1200, 1290);
    for (let t = 1290; t < 1300; t++) await forward('one by one at the end', t, t + 1);
    const slots = [0, 1].map((slot) => engine.reaches(1250, slot));
    await forward('from the beginning', 0, 40);
    const again = engine.reaches(1);
    await engine.dispose();
    return { differences, bytes, reached, refused, slots, again };
  });
  for (const [what, value] of Object.entries(found.differences)) expect(value, what).toBeLessThan(1e-4);
  // Two layers of 32 keys and 32 values in f32, for 32 positions at first. The first chunk of 64 that finds no room ends at 84, and
  // doubling goes on from there; the windowed layer ends at 20 + 512.
  const position = 2 * 32 * 4;
  expect(found.bytes).toEqual([2 * 32, 2 * 32, 2 * 4 * 84, 532 + 16 * 84].map((rows) => rows * position));
  expect(found.reached).toEqual([true, false, false, true, true]);
  expect(found.refused).toMatch(/^INVALID_OPTION.*position 1 .*Begin again at position 0/);
  expect(found.slots).toEqual([true, true]);
  expect(found.again).toBe(true);
});

test('growth that the GPU has no memory for is OUT_OF_MEMORY, and what was there is still there', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, referenceEngine, randomTokens, maxDifference, failure } = harness;
    const config = makeConfig({ nCtx: 256 });
    const engine = await webGpuEngine(config, { firstCapacity: 32 });
    const tokens = randomTokens(config, 60);
    await engine.forward(tokens.subarray(0, 30), 0);
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const size = descriptor.label?.startsWith('kvCache') ? 2 ** 50 : descriptor.size;
      return create.call(this, { ...descriptor, size });
    };
    const full = await failure(() => engine.forward(tokens.subarray(30), 30));
    const going = (await engine.forward(tokens.subarray(30, 31), 30)).logits?.slice();
    GPUDevice.prototype.createBuffer = create;
    const grown = (await engine.forward(tokens.subarray(31), 31)).logits?.slice();
    const reference = await referenceEngine(config);
    const wanted = (await reference.forward(tokens, 0, { logits: 'all' })).logits;
    await engine.dispose();
    const V = config.vocabSize;
    return {
      full,
      going: maxDifference(going, wanted?.slice(30 * V, 31 * V)),
      grown: maxDifference(grown, wanted?.slice(59 * V)),
    };
  });
  expect(found.full).toMatch(/^OUT_OF_MEMORY.*\d bytes for the KV cache/);
  expect(found.going).toBeLessThan(1e-4);
  expect(found.grown).toBeLessThan(1e-4);
});

test('a context is as long as asked for, or as long as a binding can hold; more is OUT_OF_MEMORY', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, limitBindings, failure } = harness;
    // 256 bytes of keys and values a position.
    const config = makeConfig({ nCtx: 4096, attentionWindow: [0, 100] });
    const context = async (options: object): Promise<number> => {
      const engine = await webGpuEngine(config, { software: true, ...options });
      const { nCtx } = engine.config;
      await engine.dispose();
      return nCtx;
    };
    const small = (): GPU => limitBindings(256 * 1000);
    return {
      own: await context({}),
      asked: await context({ contextLength: 300 }),
      more: await context({ contextLength: 5000 }),
      held: await context({ gpu: small() }),
      askedOfSmall: await context({ gpu: small(), contextLength: 900 }),
      tooMuch: await failure(() => context({ gpu: small(), contextLength: 2000 })),
    };
  });
  expect(found).toEqual({
    own: 4096,
    asked: 300,
    more: 4096,
    held: 1000,
    askedOfSmall: 900,
    tooMuch: expect.stringMatching(/^OUT_OF_MEMORY.* 2000 tokens takes 512000 bytes .* 256000 .* 1000 tokens fit/),
  });
});

test('a vocabulary of 262,144 rows of 640 in f32 is split where bindings are small, and every part answers', async ({
  lab,
}) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, createWebGpuEngineBuilder, webGpuEngine, limitBindings, maxDifference, randomTensors } =
      harness;
    const shape = { nEmbd: 640, nHead: 4, nLayer: 1, nInner: 64, nCtx: 32, finalNorm: false } as const;
    // Rows at both ends of parts of 2^27 bytes, and of what one dispatch can reach. All others stay zero.
    const most = 2 ** 27 / (640 * 4);
    const part = Math.floor(most / 32) * 32;
    const ids = [0, part - 1, part, 4 * part + 5, 262_112, 262_143];
    const small = makeConfig({ ...shape, vocabSize: ids.length });
    const reference = await webGpuEngine(small);
    const builder = await createWebGpuEngineBuilder(makeConfig({ ...shape, vocabSize: 262_144 }), {
      dtype: 'f32',
      gpu: limitBindings(2 ** 27),
      software: true,
    });
    for (const tensor of randomTensors(small)) {
      if (tensor.name !== 'tokenEmbedding') await builder.setTensor(tensor);
      for (let r = 0; r < tensor.rows && tensor.name === 'tokenEmbedding'; r++) {
        const data = tensor.data.slice(r * 640, (r + 1) * 640);
        await builder.setTensor({ ...tensor, data, rows: 1, rowOffset: ids[tensor.rowOffset + r] });
      }
    }
    const engine = await builder.finish();
    const wanted = (await reference.forward(Uint32Array.of(0, 1, 2, 3, 4, 5), 0)).logits?.slice() as Float32Array;
    const logits = (await engine.forward(Uint32Array.from(ids), 0)).logits as Float32Array;
    const others = logits.filter((value, id) => value !== 0 && !ids.includes(id)).length;
    const found = {
      difference: maxDifference(
        ids.map((id) => logits[id]),
        wanted,
      ),
      size: Math.max(...wanted.map(Math.abs)),
      others,
    };
    await engine.dispose();
    await reference.dispose();
    return found;
  });
  expect(found.size).toBeGreaterThan(1);
  // Sums of 640 products of order 1.
  expect(found.difference).toBeLessThan(1e-4 * found.size);
  expect(found.others).toBe(0);
});
