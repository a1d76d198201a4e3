import { expect, it } from 'vitest';
import { readChunks, readInPlace } from './read-chunks.ts';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31) >> 3);

/** What a reader gives, copied chunk by chunk, since the next may overwrite the last. */
async function readAll(reader: { read(): Promise<Uint8Array | undefined> }): Promise<Uint8Array> {
  const all = new Uint8Array(bytes.length);
  let at = 0;
  for (let chunk = await reader.read(); chunk; chunk = await reader.read()) {
    all.set(chunk, at);
    at += chunk.length;
  }
  expect(at).toBe(bytes.length);
  return all;
}

/** A stream that hands out chunks and fills no memory of the reader's, as older engines' bodies are. */
const plainStream = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 70_001) controller.enqueue(bytes.slice(at, at + 70_001));
      controller.close();
    },
  });

it.each([
  ['a body', () => new Response(bytes).body as ReadableStream<Uint8Array>],
  ['a blob', () => new Blob([bytes]).stream()],
  ['a plain stream', plainStream],
])('%s comes whole and in order', async (_, open) => {
  // toEqual takes a minute over as many numbers.
  expect(Buffer.compare(await readAll(readChunks(open())), bytes)).toBe(0);
});

it('reads a body and a blob into the same memory again and again, and leaves plain streams to others', async () => {
  for (const stream of [new Response(bytes).body as ReadableStream<Uint8Array>, new Blob([bytes]).stream()]) {
    const reader = readInPlace(stream);
    expect(reader).toBeDefined();
    let most = 0;
    for (let chunk = await reader?.read(); chunk; chunk = await reader?.read()) {
      most = Math.max(most, chunk.buffer.byteLength);
    }
    expect(most).toBe(512 << 10);
  }
  expect(readInPlace(plainStream())).toBeUndefined();
});

it('ends the stream when it is cancelled', async () => {
  let cancelled = false;
  const stream = new ReadableStream({
    type: 'bytes',
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => {
      cancelled = true;
    },
  });
  const reader = readChunks(stream);
  expect((await reader.read())?.length).toBe(10);
  await reader.cancel();
  expect(cancelled).toBe(true);
});
