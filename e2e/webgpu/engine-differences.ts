import type { WebGpuEngineOptions } from '../../sdk/backends/webgpu/index.ts';
import type { Adapter } from '../../sdk/model/adapter.ts';
import type { ModelConfig } from '../../sdk/model/config.ts';
import { withAdapter } from './engine-with-adapter.ts';
import { referenceEngine, webGpuEngine } from './engines.ts';
import { maxDifference } from './generate-and-compare.ts';
import { randomTokens } from './random-model.ts';

/**
 * Largest differences from the reference of all that an engine does with one model: chunks, single tokens, going back, copies of slots,
 * batches, inspection, and tokens chosen ahead.
 *
 * @param adapter is in all passes, if given
 */
export async function engineDifferences(
  config: ModelConfig,
  options: Partial<WebGpuEngineOptions> = {},
  seed = 1,
  adapter?: Adapter,
): Promise<Record<string, number>> {
  const engine = await withAdapter(await webGpuEngine(config, { chunk: 32, ...options }, seed), adapter);
  const reference = await withAdapter(await referenceEngine(config, seed, options.dtype), adapter);
  const V = config.vocabSize;
  const T = 41;
  const tokens = randomTokens(config, T + 6, seed);
  const wanted = await reference.forward(tokens, 0, { logits: 'all', hidden: 'all', inspect: true });
  const rows = (from: number, to: number): Float32Array | undefined => wanted.logits?.slice(from * V, to * V);
  const found: Record<string, number> = {};
  const note = (what: string, a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): void => {
    found[what] = Math.max(found[what] ?? 0, maxDifference(a, b));
  };

  const all = await engine.forward(tokens, 0, { logits: 'all', hidden: 'all', inspect: true });
  note('logits', all.logits, wanted.logits);
  note('hidden', all.hidden, wanted.hidden);
  note('attention', all.attention, wanted.attention);
  note('hidden states', all.hiddenStates, wanted.hiddenStates);
  note('last logits', (await engine.forward(tokens.subarray(0, T), 0)).logits?.slice(), rows(T - 1, T));
  // Behind what a chunk has left, and then behind what single tokens have.
  for (let t = T; t < T + 6; t++)
    note('decoded', (await engine.forward(tokens.subarray(t, t + 1), t)).logits, rows(t, t + 1));
  // Back into what a chunk has left, then a chunk behind single tokens.
  for (let t = 30; t < 34; t++)
    note('gone back', (await engine.forward(tokens.subarray(t, t + 1), t)).logits, rows(t, t + 1));
  note('chunk behind', (await engine.forward(tokens.subarray(34), 34, { logits: 'all' })).logits, rows(34, T + 6));

  engine.reserveSlots(2);
  engine.copySlot(0, 1, 20);
  await engine.forward(randomTokens(config, 30, 99), 0);
  note('copied', (await engine.forward(tokens.subarray(20), 20, { slot: 1 })).logits?.slice(), rows(T + 5, T + 6));

  const sequences = [5, 1, 9, 2, 20].map((length, i) => tokens.subarray(i, i + length));
  for (const each of [engine, reference]) await each.forward(tokens.subarray(0, 13), 0);
  for (const position of [13, 0]) {
    const ours = await engine.forwardBatch(sequences, position, { logits: 'all', hidden: 'last' });
    const theirs = await reference.forwardBatch(sequences, position, { logits: 'all', hidden: 'last' });
    ours.forEach((result, i) => {
      note('batch logits', result.logits, theirs[i].logits);
      note('batch hidden', result.hidden, theirs[i].hidden);
    });
  }

  // What is chosen ahead is the best of what the reference finds after it, or as good.
  await engine.forward(tokens.subarray(0, 9), 0, { logits: 'none' });
  const chosen = await engine.decodeGreedy(tokens[9], 9, 8);
  const { logits } = await reference.forward(Uint32Array.of(...tokens.subarray(0, 10), ...chosen), 0, {
    logits: 'all',
  });
  chosen.forEach((id, i) => {
    const row = logits?.subarray((9 + i) * V, (10 + i) * V) as Float32Array;
    note('chosen ahead', [row[id]], [row.reduce((a, b) => Math.max(a, b))]);
  });
  await engine.dispose();
  return found;
}
