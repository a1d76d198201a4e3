import { describe, expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import type { Adapter } from '../model/adapter.ts';
import type { ModelConfig } from '../model/config.ts';
import type { ChoosingEngine } from './engine.ts';
import { forwardOneByOne } from './forward-one-by-one.ts';
import { RecoveringEngine } from './recovering-engine.ts';

const vocabSize = 1000;

/**
 * An engine whose next token depends on every token before it, on whether that was decoded or prefilled and with which adapter (the
 * scale of its pair). It numbers adapters from `firstAdapter` on. It loses its
 * device in pass number `losesAt`, halfway: what the pass has written stays in the cache and is wrong.
 */
function fragileEngine(losesAt = Number.POSITIVE_INFINITY, firstAdapter = 1) {
  const slots: number[][] = [[]];
  let [passes, lost] = [0, false];
  const adapters = new Map<number, number>();
  const scaleOf = (id: number | undefined): number => (id === undefined ? 0 : (adapters.get(id) ?? Number.NaN));
  const check = (): void => {
    if (lost) throw new GptletError('DEVICE_LOST', 'gone');
  };
  const write = (
    tokens: ArrayLike<number>,
    position: number,
    slot: number,
    decoded: boolean,
    adapter?: number,
  ): void => {
    if (position > slots[slot].length) throw new Error(`a hole before ${position}`);
    slots[slot].length = position;
    for (const id of Array.from(tokens)) slots[slot].push(id * 2 + (decoded ? 1 : 0) + scaleOf(adapter));
  };
  const next = (slot: number): number => slots[slot].reduce((hash, value) => (hash * 31 + value) % vocabSize, 7);
  const enter = (slot: number, position: number): void => {
    check();
    if (++passes === losesAt) {
      write([999], position, slot, true);
      lost = true;
    }
    check();
  };
  const engine: ChoosingEngine = {
    backend: 'webgpu',
    dtype: 'f32',
    config: { vocabSize } as ModelConfig,
    bytes: { weights: 1, kvCache: 1 },
    mostStepsAhead: 8,
    mostCandidates: 4,
    async forward(tokens, position, { slot = 0, adapter } = {}) {
      enter(slot, position);
      write(tokens, position, slot, tokens.length === 1, adapter);
      return { logits: Float32Array.of(next(slot)) };
    },
    forwardBatch(sequences, position, options) {
      return forwardOneByOne(engine, sequences, position, options);
    },
    async decodeGreedy(tokenId, position, count, { slot = 0, adapter } = {}) {
      enter(slot, position);
      const chosen: number[] = [];
      for (let id = tokenId; chosen.length < count; chosen.push(id)) {
        write([id], position + chosen.length, slot, true, adapter);
        id = next(slot);
      }
      return Uint32Array.from(chosen);
    },
    async forwardCandidates(tokens, position, { slot = 0 } = {}) {
      enter(slot, position);
      write(tokens.subarray(0, -1), position, slot, false);
      write(tokens.subarray(-1), position + tokens.length - 1, slot, true);
      return { tokenIds: Uint32Array.of(next(slot)), logits: Float32Array.of(1), logSumExp: 1 };
    },
    reaches: () => true,
    reserveSlots(count) {
      check();
      while (slots.length < count) slots.push([]);
    },
    copySlot(from, to, tokens) {
      check();
      slots[to] = slots[from].slice(0, tokens);
    },
    async addAdapter({ pairs }) {
      check();
      const id = firstAdapter + adapters.size;
      adapters.set(id, pairs[0].scale);
      return id;
    },
    removeAdapter(id) {
      check();
      adapters.delete(id);
    },
    async dispose() {
      lost = true;
    },
  };
  return { engine, lose: () => void (lost = true) };
}

/** Everything that generations do, as one list of what came back. */
async function generate(engine: ChoosingEngine, lose: () => void = () => {}): Promise<number[]> {
  const out: number[] = [];
  const token = async (ids: number[], position: number, slot = 0): Promise<void> => {
    out.push((await engine.forward(Uint32Array.from(ids), position, { slot })).logits?.[0] ?? Number.NaN);
  };
  out.push((await engine.forwardCandidates(Uint32Array.of(1, 2, 3, 4), 0)).tokenIds[0]);
  out.push(...(await engine.decodeGreedy(5, 4, 6)));
  await token([6, 7, 8], 10);
  await token([9], 13);
  await token([10, 11], 3); // back into the prompt
  lose();
  engine.reserveSlots(3);
  engine.copySlot(0, 2, 4);
  await token([12], 4, 2);
  await token([13], 5, 0);
  out.push(...(await engine.decodeGreedy(14, 5, 3, { slot: 2 })));
  out.push((await engine.forwardCandidates(Uint32Array.of(15), 6)).tokenIds[0]);
  const batch = [Uint32Array.of(20, 21), Uint32Array.of(22), Uint32Array.of(23, 24)];
  out.push(...(await engine.forwardBatch(batch, 5)).map(({ logits }) => logits?.[0] ?? Number.NaN));
  await token([25], 5);
  return out;
}

describe('a lost device', () => {
  it('changes no token, whichever pass it is lost in', async () => {
    const wanted = await generate(fragileEngine().engine);
    for (let losesAt = 1; losesAt <= 13; losesAt++) {
      let built = 0;
      const engine = new RecoveringEngine(fragileEngine(losesAt).engine, async () => {
        built++;
        return fragileEngine().engine;
      });
      expect(await generate(engine), `lost in pass ${losesAt}`).toEqual(wanted);
      expect(built).toBe(1);
    }
  });

  it('changes no token when slots are made and copied just then', async () => {
    const wanted = await generate(fragileEngine().engine);
    const { engine: inner, lose } = fragileEngine();
    const engine = new RecoveringEngine(inner, async () => fragileEngine().engine);
    expect(await generate(engine, lose)).toEqual(wanted);
  });

  it('twice in one call is DEVICE_LOST, and so is one after which nothing loads; the next call tries again', async () => {
    const engines = [
      async () => fragileEngine(2).engine, // replays one pass, then fails in the call itself
      async () => Promise.reject(new GptletError('NETWORK', 'offline')),
      async () => fragileEngine().engine,
    ];
    const engine = new RecoveringEngine(fragileEngine(2).engine, () => (engines.shift() as (typeof engines)[0])());
    const wanted = fragileEngine().engine;
    for (const one of [engine, wanted]) await one.forward(Uint32Array.of(1, 2), 0);
    await expect(engine.decodeGreedy(3, 2, 4)).rejects.toMatchObject({ code: 'DEVICE_LOST', message: 'gone' });
    await expect(engine.decodeGreedy(3, 2, 4)).rejects.toMatchObject({
      code: 'DEVICE_LOST',
      message: expect.stringContaining('offline'),
    });
    expect(await engine.decodeGreedy(3, 2, 4)).toEqual(await wanted.decodeGreedy(3, 2, 4));
  });

  it('that ends on another backend fails the running call only, and the model says where it is', async () => {
    const { engine: other } = fragileEngine();
    const { mostStepsAhead, mostCandidates, decodeGreedy, forwardCandidates, ...plain } = other;
    const engine = new RecoveringEngine(fragileEngine(2).engine, async () => ({ ...plain, backend: 'wasm' }));
    await engine.forward(Uint32Array.of(1, 2), 0);
    expect(engine).toMatchObject({ backend: 'webgpu', mostCandidates: 4 });
    await expect(engine.decodeGreedy(3, 2, 4)).rejects.toMatchObject({
      code: 'DEVICE_LOST',
      message: expect.stringContaining("'wasm'"),
    });
    expect(engine).toMatchObject({ backend: 'wasm', mostCandidates: 0 });
    // What the caller takes to be in the cache is there.
    const wanted = fragileEngine().engine;
    await wanted.forward(Uint32Array.of(1, 2), 0);
    expect(await engine.forward(Uint32Array.of(3), 2)).toEqual(await wanted.forward(Uint32Array.of(3), 2));
  });

  it('is not looked for in other errors, nor after dispose', async () => {
    const { engine: inner } = fragileEngine();
    let built = 0;
    const engine = new RecoveringEngine(inner, async () => {
      built++;
      return fragileEngine().engine;
    });
    await expect(engine.forward(Uint32Array.of(1), 5)).rejects.toThrow('a hole before 5');
    await engine.dispose();
    await expect(engine.forward(Uint32Array.of(1), 0)).rejects.toThrow();
    expect(built).toBe(0);
  });

  it('keeps adapters and what went through them, under the numbers that callers know', async () => {
    const adapterOf = (scale: number) => ({ pairs: [{ scale }] }) as unknown as Adapter;
    const run = async (engine: ChoosingEngine, lose: () => void): Promise<unknown[]> => {
      const [first, second] = [await engine.addAdapter(adapterOf(100)), await engine.addAdapter(adapterOf(300))];
      const out: unknown[] = [first, second];
      out.push(await engine.forward(Uint32Array.of(1, 2, 3), 0, { adapter: second }));
      out.push(await engine.decodeGreedy(4, 3, 2, { adapter: second }));
      engine.reserveSlots(2);
      out.push(await engine.forward(Uint32Array.of(1, 2, 3), 0, { slot: 1 }));
      lose();
      out.push(await engine.forward(Uint32Array.of(5, 6), 5, { adapter: second }));
      out.push(await engine.forward(Uint32Array.of(7), 3, { slot: 1, adapter: first }));
      return out;
    };
    const wanted = await run(fragileEngine().engine, () => {});
    const { engine: inner, lose } = fragileEngine();
    const engine = new RecoveringEngine(inner, async () => fragileEngine(undefined, 11).engine);
    expect(await run(engine, lose)).toEqual(wanted);
    engine.removeAdapter(1);
    await expect(async () => engine.forward(Uint32Array.of(1), 0, { adapter: 1 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    expect(await engine.addAdapter(adapterOf(1))).toBe(3);
  });

  it('and an abort while it is mended ends with the signal’s reason', async () => {
    const stop = new AbortController();
    const engine = new RecoveringEngine(fragileEngine(1).engine, async () => {
      stop.abort(new Error('enough'));
      throw new Error('the load was aborted');
    });
    await expect(engine.forward(Uint32Array.of(1), 0, { signal: stop.signal })).rejects.toThrow('enough');
  });
});
