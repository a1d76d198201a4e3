import { describe, expect, it } from 'vitest';
import { readEvents } from './event-stream.ts';

const encoder = new TextEncoder();

async function* chunksOf(bytes: Uint8Array, ...cuts: number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts, bytes.length];
  for (let i = 1; i < places.length; i++) yield bytes.slice(places[i - 1], places[i]);
}

const eventsIn = async (chunks: AsyncIterable<Uint8Array>): Promise<string[]> => {
  const events: string[] = [];
  for await (const event of readEvents(chunks)) events.push(event);
  return events;
};

/** Of every kind: comments, other fields, several lines, no space, text beyond ASCII, a space that is part of the text, empty. */
const lines = [
  ': keep-alive',
  '',
  'event: message',
  'id: 1',
  'data: {"text":"Grüße, 🦜"}',
  '',
  'data:first',
  'data:  second',
  '',
  ':',
  'retry: 100',
  '',
  'data:',
  '',
  'database: none',
  '',
  'data: [DONE]',
  '',
  '',
];
const wanted = ['{"text":"Grüße, 🦜"}', 'first\n second', '', '[DONE]'];

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('a stream with %s', (_, end) => {
  const bytes = encoder.encode(lines.join(end));

  it('gives the same events in one piece and byte by byte', async () => {
    expect(await eventsIn(chunksOf(bytes))).toEqual(wanted);
    expect(await eventsIn(chunksOf(bytes, ...bytes.keys()))).toEqual(wanted);
  });

  it('gives the same events cut at every two places', async () => {
    for (let first = 0; first <= bytes.length; first++)
      for (let second = first; second <= bytes.length; second += 7)
        expect(await eventsIn(chunksOf(bytes, first, second)), `${first}, ${second}`).toEqual(wanted);
  });
});

it('a byte order mark before the first event is none of its letters', async () => {
  expect(await eventsIn(chunksOf(encoder.encode('\ufeffdata: a\n\n')))).toEqual(['a']);
});

it('an event without its end has not come', async () => {
  expect(await eventsIn(chunksOf(encoder.encode('data: a\n\ndata: {"b"')))).toEqual(['a']);
  expect(await eventsIn(chunksOf(encoder.encode('data: a\n\ndata: b\n')))).toEqual(['a']);
});

it('an endless event is an error, not all of the memory; endless comments are no event', async () => {
  async function* endless(text: string): AsyncGenerator<Uint8Array> {
    const bytes = encoder.encode(text.repeat((1 << 20) / text.length));
    for (let i = 0; i < 17; i++) yield bytes;
  }
  await expect(eventsIn(endless('data'))).rejects.toThrow(RangeError);
  await expect(eventsIn(endless(`data: ${'x'.repeat(1017)}\n`))).rejects.toThrow(RangeError);
  expect(await eventsIn(endless(`: ${'x'.repeat(1020)}\n\n`))).toEqual([]);
});
