import { expect, it } from 'vitest';
import { unpickle } from './pickle.ts';

const refuse = (): never => {
  throw new Error('nothing by name is in it');
};

it('lets other tasks run while it reads a long table', async () => {
  const count = 20_000;
  // A list, and `BININT1 7, APPEND` again and again.
  const bytes = Uint8Array.of(0x80, 2, 0x5d, ...Array.from({ length: count }, () => [0x4b, 7, 0x61]).flat(), 0x2e);
  let turns = 0;
  let done = false;
  const tick = (): void => {
    turns++;
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  const { value, end } = await unpickle(bytes, { find: refuse, call: refuse, persistent: refuse });
  done = true;
  expect(value).toEqual(Array(count).fill(7));
  expect(end).toBe(bytes.length);
  expect(turns).toBeGreaterThanOrEqual(15);
});
