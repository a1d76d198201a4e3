import { Transient } from '../../platform/transient.ts';
import { Connection } from './http-connection.ts';
import { checkAnswer, type RemoteFile, streamHttp } from './http-stream.ts';

/** Most ranges on their way at once. Over HTTP/1.1 browsers open six connections to a server, for all that a page does. */
const mostAtOnce = 4;

/**
 * The bytes from `start` to `end`, in order, from several requests at once: one connection rarely fills a line. The
 * first range is handed on as it arrives, those behind it are fetched ahead, each into memory of its own. Ahead
 * nothing is tried twice: what is missing of a range when its turn comes is asked for again by {@link streamHttp}, with its
 * patience. A server that refuses some of the requests gets fewer of them.
 */
export async function* streamRanges(
  file: RemoteFile,
  start: number,
  end: number,
  rangeBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const queue: Download[] = [];
  const memory: ArrayBuffer[] = [];
  let atOnce = mostAtOnce;
  let next = start;
  try {
    for (let at = start; at < end; ) {
      while (next < end && queue.length < atOnce) {
        const bytes = new Uint8Array(memory.pop() ?? new ArrayBuffer(rangeBytes), 0, Math.min(rangeBytes, end - next));
        queue.push(download(file, next, bytes, abort.signal));
        next += bytes.length;
      }
      const first = queue[0];
      const { bytes } = first;
      let given = 0;
      while (given < first.filled || !first.over) {
        if (given === first.filled) await first.progress;
        const piece = bytes.subarray(given, first.filled);
        given += piece.length;
        if (piece.length > 0) yield piece;
      }
      signal?.throwIfAborted();
      if (given === bytes.length) atOnce = Math.min(mostAtOnce, atOnce + 1);
      else {
        if (first.error !== undefined && !(first.error instanceof Transient)) throw first.error;
        atOnce = Math.max(1, atOnce - 1);
        yield* streamHttp(file, at + given, at + bytes.length, signal);
      }
      at += bytes.length;
      queue.shift();
      memory.push(bytes.buffer);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    abort.abort();
  }
}

/** One range on its way into memory. */
interface Download {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes are there. */
  filled: number;
  /** Whether no more will come, for whatever reason. */
  over: boolean;
  error?: unknown;
  /** Resolves when one of these changes. */
  progress: Promise<void>;
}

function download(file: RemoteFile, start: number, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Download {
  const { url, access } = file;
  const state: Download = { bytes, filled: 0, over: false, progress: Promise.resolve() };
  let tell = (): void => {};
  const changed = (): void => {
    tell();
    state.progress = new Promise((resolve) => {
      tell = resolve;
    });
  };
  changed();
  const fill = async (): Promise<void> => {
    const connection = new Connection(access, signal);
    try {
      const answer = await connection.ask(url, start, start + bytes.length);
      checkAnswer(file, answer, start);
      // Ranges are not skipped to: each would bring the whole file.
      if (answer.start < start) throw new Transient('the server ignored the range');
      for await (const chunk of connection.body()) {
        const piece = chunk.subarray(0, bytes.length - state.filled);
        bytes.set(piece, state.filled);
        state.filled += piece.length;
        changed();
        if (state.filled === bytes.length) return;
      }
    } catch (error) {
      state.error = error;
    } finally {
      connection.close();
      state.over = true;
      changed();
    }
  };
  fill();
  return state;
}
