/** How fast `threads` workers of this page read memory at once, 512 MB each. */
export async function load({ threads }) {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./limit-worker.mjs', import.meta.url), { type: 'module' }),
  );
  const all = (message) =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.onmessage = ({ data }) => resolve(data);
            worker.postMessage(message);
          }),
      ),
    );
  await all('fill');
  return {
    async run() {
      const spans = await all('read');
      const bytes = spans.reduce((sum, span) => sum + span.bytes, 0);
      const ms = Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start));
      return { gigabytesPerSecond: bytes / ms / 1e6 };
    },
  };
}
