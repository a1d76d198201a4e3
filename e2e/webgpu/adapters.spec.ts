import { readdirSync, readFileSync } from 'node:fs';
import { familyConfigs } from './any-config.ts';
import { expect, test } from './harness-fixture.ts';

// Low-rank pairs on most matrices of a model, against the reference with the same. Tolerances are absolute, on values of order 1.

const softwareKernels = {};
const gpuKernels = { software: false, subgroups: false, splits: 3 };

const configs: typeof familyConfigs = {
  'GPT-2': {},
  GPT: { normPlacement: 'post', finalNorm: false, tiedHead: false },
  ...familyConfigs,
};
/** What has most places for norms. GPT-2 is below, and Firefox runs LFM 2. */
const usual = ['Gemma 2'];

for (const [kind, options] of [
  ['software kernels', softwareKernels],
  ['GPU kernels', gpuKernels],
] as const) {
  for (const name of Object.keys(configs)) {
    const isUsual = usual.includes(name) && kind === 'software kernels';
    const tag = isUsual ? '' : ' @every';
    test(`${name} with an adapter on ${kind} agrees with the reference in all that an engine does${tag}`, async ({
      lab,
    }) => {
      test.setTimeout(300_000);
      const found = await lab.evaluate(
        ({ changes, options, ranks }) => {
          const { engineDifferences, makeConfig, randomAdapter } = harness;
          const config = makeConfig(changes);
          return engineDifferences(config, options, 1, randomAdapter(config, 3, 0.5, ranks));
        },
        // Each rank has kernels of its own, which take a software adapter seconds to compile.
        { changes: configs[name], options, ranks: isUsual || kind === 'GPU kernels' ? 1 : 9 },
      );
      expect(Object.keys(found)).toHaveLength(12);
      for (const [what, value] of Object.entries(found)) expect(value, what).toBeLessThan(1e-4);
    });
  }
}

for (const dtype of ['f16', 'q8', 'q4'] as const) {
  const tag = dtype === 'q8' ? '' : ' @every';
  test(`two adapters and none in turn, in ${dtype}: each pass computes its own, and no other costs a step more${tag}`, async ({
    lab,
  }) => {
    const found = await lab.evaluate(async (dtype) => {
      const { failure, makeConfig, randomAdapter, randomTokens, referenceEngine, relativeError, webGpuEngine } =
        harness;
      let [dispatches, made] = [0, 0];
      const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
      GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...size) {
        dispatches++;
        return dispatchWorkgroups.apply(this, size);
      };
      for (const name of ['createBuffer', 'createBindGroup'] as const) {
        const create = GPUDevice.prototype[name] as (descriptor: never) => never;
        GPUDevice.prototype[name] = function (this: GPUDevice, descriptor: never) {
          made++;
          return create.call(this, descriptor);
        };
      }
      /** What a call costs. */
      const costs = async (run: () => Promise<unknown>): Promise<number[]> => {
        const before = [dispatches, made];
        await run();
        return [dispatches - before[0], made - before[1]];
      };

      const config = makeConfig({ nEmbd: 64 });
      const engine = await webGpuEngine(config, { dtype });
      const reference = await referenceEngine(config, 1, dtype);
      const adapters = [randomAdapter(config, 5, 0.5, 4), randomAdapter(config, 6, 0.5, 1)];
      const tokens = randomTokens(config, 24);
      const [first, last] = [tokens.subarray(0, -1), tokens.subarray(-1)];
      const alone = await costs(() => engine.forward(last, 0));
      const bytes = [engine.bytes.weights];
      const [a, b] = [await engine.addAdapter(adapters[0]), await engine.addAdapter(adapters[1])];
      bytes.push(engine.bytes.weights);
      const theirs = new Map([
        [a, await reference.addAdapter(adapters[0])],
        [b, await reference.addAdapter(adapters[1])],
      ]);
      const errors: Record<string, number> = {};
      const logits: Float32Array[] = [];
      for (const adapter of [undefined, a, b, undefined, a]) {
        const wanted = await reference.forward(tokens, 0, { adapter: adapter && theirs.get(adapter), logits: 'all' });
        const ours = await engine.forward(tokens, 0, { adapter, logits: 'all' });
        const row = ours.logits?.slice(-config.vocabSize) as Float32Array;
        logits.push(row);
        errors[`prefill ${adapter}`] = relativeError(ours.logits, wanted.logits);
        await engine.forward(first, 0, { adapter, logits: 'none' });
        const decoded = await engine.forward(last, first.length, { adapter });
        errors[`decode ${adapter}`] = relativeError(decoded.logits, row);
        const { tokenIds, logits: best } = await engine.forwardCandidates(last, first.length, { adapter });
        errors[`candidates ${adapter}`] = relativeError(
          best,
          Float32Array.from(tokenIds, (id) => row[id]),
        );
        const [chosen] = await engine.decodeGreedy(last[0], first.length, 2, { adapter });
        errors[`chosen ahead ${adapter}`] = Math.max(...row) - row[chosen];
      }
      const again = await costs(() => engine.forward(last, 0));
      const adapted = await costs(() => engine.forward(last, 0, { adapter: a }));
      engine.removeAdapter(a);
      bytes.push(engine.bytes.weights);
      const removed = await failure(() => engine.forward(last, 0, { adapter: a }));
      const kept = await engine.forward(tokens, 0, { adapter: b });
      errors.kept = relativeError(kept.logits, logits[2]);
      await engine.dispose();
      const matrices = new Set(adapters[0].pairs.map(({ block, linear }) => `${block} ${linear}`)).size;
      const apart = [relativeError(logits[1], logits[0]), relativeError(logits[2], logits[1])];
      const same = [relativeError(logits[3], logits[0]), relativeError(logits[4], logits[1])];
      return { alone, again, adapted, matrices, bytes, removed, errors, apart, same };
    }, dtype);
    expect(Object.keys(found.errors)).toHaveLength(13);
    // Relative to the length of the logit vector. What is left is the f16 of the cache.
    for (const [what, error] of Object.entries(found.errors)) expect(error, what).toBeLessThan(1e-3);
    for (const one of found.apart) expect(one).toBeGreaterThan(0.1);
    expect(found.same).toEqual([0, 0]);
    // Two layers of five steps, embedding and head; nothing is made for a pass, once the first has bound its steps.
    expect(found.alone[0]).toBe(2 * 5 + 2);
    expect(found.again).toEqual([found.alone[0], 0]);
    expect(found.matrices).toBeGreaterThan(4);
    expect(found.adapted).toEqual([found.alone[0] + found.matrices, 0]);
    const [before, both, one] = found.bytes;
    expect(both).toBeGreaterThan(one);
    expect(one).toBeGreaterThan(before);
    expect(found.removed).toMatch(/^INVALID_OPTION.*no adapter/);
  });
}

test('an adapter is there again after the device was lost, with what it had filled the cache with @every', async ({
  lab,
}) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, maxDifference, randomAdapter, randomTokens, RecoveringEngine, webGpuEngine } = harness;
    const devices: GPUDevice[] = [];
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await request.call(this, descriptor);
      devices.push(device);
      return device;
    };
    const config = makeConfig({ nLayer: 1 });
    const engine = new RecoveringEngine(await webGpuEngine(config), () => webGpuEngine(config));
    const gone = await engine.addAdapter(randomAdapter(config, 4, 0.5, 1));
    const adapter = await engine.addAdapter(randomAdapter(config, 5, 0.5, 1));
    engine.removeAdapter(gone);
    const tokens = randomTokens(config, 20);
    const run = async (lose: () => void) => {
      await engine.forward(tokens, 0, { adapter });
      lose();
      const chosen = await engine.decodeGreedy(3, tokens.length, 8, { adapter });
      const { logits } = await engine.forward(Uint32Array.of(5), tokens.length + 8, { adapter });
      return { chosen: [...chosen], logits: logits?.slice() };
    };
    const wanted = await run(() => {});
    const after = await run(() => devices[0].destroy());
    await engine.dispose();
    return {
      wanted: wanted.chosen,
      chosen: after.chosen,
      difference: maxDifference(after.logits, wanted.logits),
      devices: devices.length,
    };
  });
  expect(found.devices).toBe(2);
  expect(found.chosen).toEqual(found.wanted);
  expect(found.difference).toBe(0);
});

for (const part of [0, 1, 2, 3]) {
  test(`configs of any kind with an adapter agree with the reference, part ${part} @every`, async ({ lab }) => {
    test.setTimeout(300_000);
    const found = await lab.evaluate(async (part) => {
      const { anyConfig, engineDifferences, randomAdapter } = harness;
      const worst: Record<string, unknown>[] = [];
      for (let seed = 10 * part; seed < 10 * part + 10; seed++) {
        const config = anyConfig(seed);
        const differences = await engineDifferences(config, {}, seed + 1, randomAdapter(config, seed + 2, 0.5, 4));
        if (!(Math.max(...Object.values(differences)) < 1e-4)) {
          worst.push({ seed, differences, config: JSON.stringify(config) });
        }
      }
      return worst;
    }, part);
    expect(found).toEqual([]);
  });
}

interface Expected {
  readonly model: string;
  readonly ids: number[];
  readonly positions: number[] | null;
  readonly logits: number[][];
}

// What PyTorch and NumPy compute with an independent reader of PEFT's layout: training/make_adapter_fixtures.py.
for (const name of readdirSync('fixtures/adapters')) {
  const folder = `/fixtures/adapters/${name}/`;
  const { model, ids, positions, logits }: Expected = JSON.parse(readFileSync(`.${folder}expected.json`, 'utf8'));
  // A classifier's head is not the engine's.
  if (!positions) continue;
  test(`the adapter ${name} gives the logits of the reference @every`, async ({ lab }) => {
    test.setTimeout(300_000);
    const rows = await lab.evaluate(
      async ({ folder, model, ids, positions }) => {
        const { loadCheckpoint, readAdapterAt } = harness;
        const engine = await loadCheckpoint(`/fixtures/${model}/`);
        const { adapter: parts } = await readAdapterAt(new URL(folder, location.href), engine.config, { cache: false });
        const adapter = await engine.addAdapter(parts);
        const all = (await engine.forward(Uint32Array.from(ids), 0, { adapter, logits: 'all' })).logits as Float32Array;
        await engine.dispose();
        const V = engine.config.vocabSize;
        return positions.map((position) => [...all.subarray(position * V, (position + 1) * V)]);
      },
      { folder, model, ids, positions },
    );
    expect(rows).toHaveLength(logits.length);
    const differences = rows.flatMap((row, i) => row.map((value, id) => Math.abs(value - logits[i][id])));
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
}
