import { expect, it, vi } from 'vitest';
import { createOpenAIHandler } from '../../openai/create-openai-handler.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { badRequest } from './testing/bad-request.ts';
import { rawRequest } from './testing/raw-request.ts';
import { startedServer } from './testing/started-server.ts';

const MAX_BODY_BYTES = 50_000;

it('a thousand bad requests are told so or end with their connection; the server goes on', async () => {
  const log = vi.spyOn(process.stderr, 'write');
  const chat = vi.fn(() => {
    throw new Error('a bad request reached the model');
  });
  const handler = createOpenAIHandler({ models: { tiny: { chat } }, maxBodyBytes: MAX_BODY_BYTES });
  const { url } = await startedServer(handler, { maxBodyBytes: MAX_BODY_BYTES });
  const random = seededRandom(19);
  const requests = Array.from({ length: 1000 }, () => badRequest(random, MAX_BODY_BYTES));
  const statuses = new Map<string, Set<number>>();
  const accepted: string[] = [];
  const one = async (): Promise<void> => {
    for (let next = requests.pop(); next; next = requests.pop()) {
      const { kind, bytes, afterwards } = next;
      const { status, text } = await rawRequest(url, bytes, afterwards);
      const isRefused = status === 0 || (status >= 400 && status < 500);
      if (!isRefused) accepted.push(`${kind}: ${bytes.toString('latin1').slice(0, 300)}\n→ ${text.slice(0, 300)}`);
      if (afterwards !== 'destroy') statuses.set(kind, (statuses.get(kind) ?? new Set()).add(status));
    }
  };
  await Promise.all(Array.from({ length: 20 }, one));
  expect(accepted).toEqual([]);
  expect(chat).not.toHaveBeenCalled();
  expect(log.mock.calls.flat().filter((text) => /gptlet/.test(String(text)))).toEqual([]);
  log.mockRestore();
  // Most kinds are answered, not only cut off.
  expect(statuses.size).toBeGreaterThan(30);
  const silent = [...statuses].filter(([, seen]) => !(Math.max(...seen) >= 400)).map(([kind]) => kind);
  expect(silent).toEqual([]);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/gptlet_queue_length 0\n[\s\S]*gptlet_running 0\n/);
});
