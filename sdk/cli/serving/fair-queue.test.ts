import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const never = new AbortController().signal;

/** Lets `requests` (client and number) wait behind one that runs, then lets all run; the order of their turns, and of refusals. */
async function orderOf(requests: readonly string[], maxWaiting = 100) {
  const queue = new FairQueue(maxWaiting);
  const first = await queue.enter('somebody', never);
  const order: string[] = [];
  const refused: string[] = [];
  const all = requests.map(async (request) => {
    const leave = await queue.enter(request[0], never);
    (leave ? order : refused).push(request);
    leave?.();
  });
  first?.();
  await Promise.all(all);
  expect([queue.length, queue.running]).toEqual([0, false]);
  return { order, refused };
}

describe('a fair queue', () => {
  it('is first come, first served for one client', async () => {
    expect((await orderOf(['a1', 'a2', 'a3'])).order).toEqual(['a1', 'a2', 'a3']);
  });

  it('lets clients take turns, in the order in which they came', async () => {
    const { order } = await orderOf(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('puts whoever has its turn behind all others, also where its next request came first', async () => {
    const queue = new FairQueue(10);
    const leave = await queue.enter('a', never);
    const order: string[] = [];
    const waiting = ['a', 'b'].map((client) =>
      queue.enter(client, never).then((next) => {
        order.push(client);
        next?.();
      }),
    );
    leave?.();
    await Promise.all(waiting);
    expect(order).toEqual(['b', 'a']);
  });

  it('refuses what is more than may wait', async () => {
    expect(await orderOf(['a1', 'b1', 'c1'], 2)).toEqual({ order: ['a1', 'b1'], refused: ['c1'] });
    expect(await orderOf(['a1'], 0)).toEqual({ order: [], refused: ['a1'] });
  });

  it('refuses the last of a client with many, when one with few comes', async () => {
    const { order, refused } = await orderOf(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3'], 4);
    expect(refused).toHaveLength(3);
    expect(refused).toEqual(expect.arrayContaining(['a4', 'a3', 'b3']));
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('forgets whoever goes away, wherever it stands', async () => {
    const queue = new FairQueue(10);
    const leave = await queue.enter('a', never);
    const stop = new AbortController();
    const gone = queue.enter('b', stop.signal);
    const other = queue.enter('c', never);
    stop.abort(new RangeError('enough'));
    await expect(gone).rejects.toThrow('enough');
    await expect(queue.enter('b', stop.signal)).rejects.toThrow('enough');
    expect(queue.length).toBe(1);
    leave?.();
    (await other)?.();
    expect([queue.length, queue.running]).toEqual([0, false]);
  });
});
