import { describe, expect, it } from 'vitest';
import { Queue } from './queue.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('a queue', () => {
  it('runs one task at a time, in order, whatever becomes of them', async () => {
    const queue = new Queue();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
      if (name === 'a') throw new Error(name);
      return name;
    };
    const settled = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(task(name))));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('never begins a task whose signal fires before its turn, and says so at once', async () => {
    const queue = new Queue();
    let release = (): void => {};
    const first = queue.run(() => new Promise<void>((resolve) => (release = resolve)));
    const stop = new AbortController();
    let begun = false;
    const second = queue.run(async () => (begun = true), stop.signal);
    const third = queue.run(async () => 'third');
    stop.abort(new RangeError('enough'));
    await expect(second).rejects.toThrow('enough');
    await expect(queue.run(async () => (begun = true), stop.signal)).rejects.toThrow('enough');
    release();
    await first;
    expect(await third).toBe('third');
    expect(begun).toBe(false);
  });

  it('leaves a task that runs to its own signal', async () => {
    const stop = new AbortController();
    const running = new Queue().run(async () => {
      stop.abort();
      await turn();
      return 'whole';
    }, stop.signal);
    expect(await running).toBe('whole');
  });
});
