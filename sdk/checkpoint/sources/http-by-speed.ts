import { streamRanges } from './http-ranges.ts';
import { type RemoteFile, streamHttp } from './http-stream.ts';

/** Of a range, and of what comes before the speed is judged: small beside a model, four ranges at once are 16 MB. */
const defaultRangeBytes = 4 << 20;
/** Bytes a second: a nearer server gains nothing by several connections, and each costs. */
const defaultRangesBelow = 20e6;

/**
 * The bytes from `start` to `end`: by one connection, or by several at once where the first one turns out slow. Only
 * the time spent waiting for the network counts, not what is done with the bytes in between.
 */
export async function* streamBySpeed(
  file: RemoteFile,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { rangeBytes = defaultRangeBytes, rangesBelow = defaultRangesBelow } = file.access;
  const one = streamHttp(file, start, end, signal);
  try {
    if (end - start <= 2 * rangeBytes) return yield* one;
    let at = start;
    let waitedMs = 0;
    while (Number.isFinite(rangesBelow) && at - start < rangeBytes) {
      const asked = performance.now();
      const { done, value } = await one.next();
      if (done) return;
      // The first chunk comes with the answer to the request, which says more of the distance than of the speed.
      if (at > start) waitedMs += performance.now() - asked;
      at += value.length;
      yield value;
    }
    if ((at - start) * 1000 > rangesBelow * waitedMs) return yield* one;
    await one.return(undefined);
    yield* streamRanges(file, at, end, rangeBytes, signal);
  } finally {
    await one.return(undefined);
  }
}
