import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import { Sha256Stream } from './sha256-stream.ts';

it('SHA-256 in pieces agrees with Node\u2019s, for every length up to 200 and for pieces of any size', () => {
  const random = seededRandom(7);
  for (const length of [...Array(200).keys(), 100_003]) {
    const bytes = Uint8Array.from({ length }, () => random() * 256);
    const stream = new Sha256Stream();
    for (let at = 0; at < length; ) {
      const step = Math.ceil(random() * (length > 1000 ? 900 : 90));
      stream.update(bytes.subarray(at, at + step));
      at += step;
    }
    expect(stream.finish()).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
