import { expect, it } from 'vitest';
import { quantisedPart } from '../quantising/quantised-rows.ts';
import { receivePart } from './receive-part.ts';
import { sendPart } from './sent-part.ts';

it('arrives in another thread as it was, in memory of its own', () => {
  const data = Float32Array.of(9, 1, 2, 3, 4, 5, 6).subarray(1);
  const part = { name: 'w', rowOffset: 3, rows: 2, columns: 3, rowStride: 1, columnStride: 2, data };
  const sent = sendPart(part);
  data.fill(0);
  expect(receivePart(structuredClone(sent))).toEqual({ ...part, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
});

it('travels as integers where it is quantised, with the scales of its own rows alone', () => {
  const integers = Uint8Array.from({ length: 64 }, (_, i) => i);
  const scales = Uint16Array.of(0x3f80, 0x4000, 0x4040, 0x4080);
  const part = quantisedPart(
    { name: 'w', rowOffset: 2, rows: 2, columns: 32 },
    { dtype: 'q8', group: 32, K: 32, integers, scales },
  );
  const sent = structuredClone(sendPart(part));
  expect(sent.data).toBeUndefined();
  expect(sent.quantised?.scales).toEqual(scales.slice(0, 2));
  const received = receivePart(sent);
  expect(received.quantised?.integers).toEqual(integers);
  expect([...received.data]).toEqual([...part.data]);
});
