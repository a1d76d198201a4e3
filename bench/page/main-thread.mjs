// What a Chromium trace says of a page's own thread between the marks gptlet:start and gptlet:end.

/** Categories to trace for {@link readMainThread}. */
export const categories = ['blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'];

/** The trace began after the page's first lines had run, or ended before its last. */
export class NoMark extends Error {}

/**
 * Times in ms: by the clock, and of the processor, which other programs cannot stretch.
 *
 * @param {Buffer} trace what Chromium's tracing gave
 * @throws {NoMark}
 * @returns {{ script: Times, longestTask: Times }} compiling and evaluating the modules of /dist/; the longest task
 * @typedef {{ clock: number, processor: number }} Times
 */
export function readMainThread(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const [start, end] = ['gptlet:start', 'gptlet:end'].map((name) => {
    const mark = traceEvents.find((event) => event.name === name && event.cat.includes('blink.user_timing'));
    if (!mark) throw new NoMark(`The trace has no mark ${name}`);
    return mark;
  });
  const here = traceEvents.filter(
    ({ pid, tid, ph, ts }) => pid === start.pid && tid === start.tid && ph === 'X' && ts > start.ts && ts < end.ts,
  );
  const script = here.filter(({ name, args }) =>
    name === 'v8.compileModule' ? String(args.fileName).includes('/dist/') : name === 'v8.evaluateModule',
  );
  const tasks = here.filter(({ name }) => name === 'RunTask');
  if (tasks.length === 0) throw new Error('The trace lacks tasks');
  const times = (events, combine) => ({
    clock: combine(events.map(({ dur }) => dur / 1000)),
    processor: combine(events.map(({ tdur }) => tdur / 1000)),
  });
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return { script: times(script, sum), longestTask: times(tasks, (values) => Math.max(...values)) };
}
