/** Answers are kept in the Cache API, the one storage that pages and workers share and that needs no schema. */
const cacheName = 'gptlet-backends';
const address = (key: string): string => `https://gptlet.invalid/${encodeURIComponent(key)}`;

/** What was remembered under `key`, or undefined. */
export async function recall(key: string): Promise<string | undefined> {
  const cache = await globalThis.caches?.open(cacheName);
  return (await cache?.match(address(key)))?.text();
}

/** Keeps `value` under `key`; nothing where there is no storage. */
export async function remember(key: string, value: string): Promise<void> {
  const cache = await globalThis.caches?.open(cacheName);
  await cache?.put(address(key), new Response(value));
}
