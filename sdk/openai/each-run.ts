import type { StreamedRun } from '../loaded-model/streamed-run.ts';

/** What the run with this index has given: a part, or at its end the whole. */
interface RunEvent<Part, Result> {
  readonly index: number;
  readonly part?: Part;
  readonly result?: Result;
}

/**
 * Runs one after the other: a model serves its calls in turn, so that others come between them.
 *
 * @throws the reason of `signal` once it is aborted, which to the run itself is an ending
 */
export async function* eachRun<Part, Result>(
  runs: readonly (() => StreamedRun<Part, Result>)[],
  signal: AbortSignal,
): AsyncGenerator<RunEvent<Part, Result>, void, undefined> {
  for (const [index, start] of runs.entries()) {
    const run = start();
    for await (const part of run) yield { index, part };
    const result = await run;
    signal.throwIfAborted();
    yield { index, result };
  }
}
