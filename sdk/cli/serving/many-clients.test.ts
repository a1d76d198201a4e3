import { expect, it } from 'vitest';
import { scriptedHandler } from './testing/scripted-handler.ts';
import { startedServer } from './testing/started-server.ts';

const clients = Array.from({ length: 50 }, (_, index) => `client-${index}`);

/** A text that no other client's resembles. */
const textOf = (client: string, request: number, words: number): string =>
  Array.from({ length: words }, (_, word) => `${client}/${request}/${word}`).join(' ');

const clientOf = (text: string): string => text.split('/')[0];

function post(url: string, client: string, text: string, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${client}`, 'content-type': 'application/json' };
  return fetch(`${url}/v1/completions`, { method: 'POST', headers, body: JSON.stringify({ text }), signal });
}

const gauge = async (url: string, name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

it('fifty clients at once get their own answers, in turns, and those who go free their places', async () => {
  const { handler, begun, aborted, mostAtOnce } = scriptedHandler();
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { url } = await startedServer(async (request) => {
    await gate;
    return handler(request);
  });
  // The first has its turn, and all others wait.
  const first = post(url, 'first', 'first').then((response) => response.text());
  await expect.poll(() => gauge(url, 'gptlet_running')).toBe(1);

  const leaving = clients.slice(0, 10);
  const impatient = clients.slice(10, 15);
  const answers = clients.flatMap((client) =>
    [1, 2, 3].map(async (request) => {
      const stop = new AbortController();
      const leaves = request === 1 && leaving.includes(client);
      // What one says who goes in the middle is long enough to have one.
      const text = textOf(client, request, leaves ? 500 : 5);
      // Five go while they wait for their second turn.
      if (request === 2 && impatient.includes(client)) {
        gate.then(() => stop.abort());
        await expect(post(url, client, text, stop.signal)).rejects.toThrow('aborted');
        return;
      }
      const response = await post(url, client, text, stop.signal);
      // Ten go in the middle of their first answer.
      if (leaves) {
        await response.body!.getReader().read();
        stop.abort();
        return;
      }
      expect(await response.text()).toBe(text);
    }),
  );
  await expect.poll(() => gauge(url, 'gptlet_queue_length')).toBe(150);
  go();
  await Promise.all([first, ...answers]);

  expect(begun[0]).toBe('first');
  const order = begun.slice(1).map(clientOf);
  expect([...order.slice(0, 50)].sort(), 'everybody has a turn before anybody has two').toEqual([...clients].sort());
  expect([...order.slice(50, 100)].sort(), 'and so it goes on').toEqual([...clients].sort());
  const patient = clients.filter((client) => !impatient.includes(client));
  expect(order.slice(100).sort(), 'those who went while they waited have one less').toEqual(patient.sort());
  expect(aborted.map(clientOf).sort()).toEqual([...leaving].sort());
  expect(mostAtOnce()).toBe(1);
  await expect.poll(() => gauge(url, 'gptlet_running')).toBe(0);
  expect(await gauge(url, 'gptlet_queue_length')).toBe(0);
});
