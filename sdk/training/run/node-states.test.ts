import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeStates } from './node-states.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gptlet-training-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps two files a job in a folder, read piece by piece, and removes its own alone', async () => {
  const [one, other] = [await nodeStates('one', folder), await nodeStates('other', folder)];
  expect(await one.open(0)).toBeUndefined();
  for (const [slot, bytes] of [
    [0, [1, 2, 3, 4]],
    [1, [5, 6]],
    [0, [7, 8, 9]],
  ] as const) {
    const writer = await one.create(slot);
    await writer.write(Uint8Array.from(bytes.slice(0, 1)));
    await writer.write(Uint8Array.from(bytes.slice(1)));
    await writer.close();
  }
  const reader = await one.open(0);
  expect(reader?.size, 'begun anew').toBe(3);
  expect(await reader?.read(1, 2)).toEqual(Uint8Array.of(8, 9));
  await reader?.close();
  await (await other.create(0)).close();
  await one.remove();
  expect(await readdir(folder)).toEqual(['other']);
  await one.remove();
});

it('is below the working directory by default, and leaves no empty folders there', async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const states = await nodeStates('job');
    await (await states.create(1)).close();
    await access(join(folder, '.gptlet/training/job/1.state'));
    await states.remove();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    process.chdir(before);
  }
});
