/**
 * What `threads` workers of this page do at once, and one of them alone: how fast they read memory, 512 MB each, and how many
 * products of integers they make out of registers.
 */
export async function load({ threads }) {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./limit-worker.mjs', import.meta.url), { type: 'module' }),
  );
  const ask = (some, message) =>
    Promise.all(
      some.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.onmessage = ({ data }) => resolve(data);
            worker.postMessage(message);
          }),
      ),
    );
  await ask(workers, 'prepare');
  /** Billions a second, from the first one's start to the last one's end. */
  const rate = async (message, some = workers) => {
    const spans = await ask(some, message);
    const ms = Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start));
    return spans.reduce((sum, { work }) => sum + work, 0) / ms / 1e6;
  };
  return {
    /** GB/s */
    read: () => rate('read'),
    readAlone: () => rate('read', workers.slice(0, 1)),
    /** Billions of products a second, of two 16-bit numbers and of two bytes. */
    dots: async () => ({ dots16: await rate('dots16'), dotsBytes: await rate('dotsBytes') }),
  };
}
