import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createWasmEngineBuilder } from './index.ts';
import { buildEngine, randomTensors, smallModel } from './testing/random-model.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function residentMegabytes(): Promise<number> {
  // Memory goes back in steps: wrappers first, then what they held; threads end a little later.
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss / 1e6;
}

const config = smallModel({ nEmbd: 96, vocabSize: 100_000 });

it.each([1, 2])('ten models loaded and disposed leave no memory behind, %i thread(s)', async (threads) => {
  const tensors = randomTensors(config, 1);
  const useOne = async (): Promise<void> => {
    const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype: 'f32', threads });
    expect(engine.bytes.weights).toBeGreaterThan(38e6);
    await engine.forward(Uint32Array.of(1, 2, 3), 0);
    await engine.dispose();
  };
  await useOne();
  const before = await residentMegabytes();
  for (let i = 0; i < 10; i++) await useOne();
  // Kept, they would be 400 MB.
  expect((await residentMegabytes()) - before).toBeLessThan(60);
});

it('a load that was given up leaves no memory behind', async () => {
  const tensors = randomTensors(config, 1);
  const before = await residentMegabytes();
  for (let i = 0; i < 10; i++) {
    const builder = await createWasmEngineBuilder(config, { dtype: 'f32', threads: 1 });
    await builder.setTensor(tensors[0]);
    builder.dispose();
  }
  expect((await residentMegabytes()) - before).toBeLessThan(60);
});
