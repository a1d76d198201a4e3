// A page whose model may be too much for the machine: it asks a server only then.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const cluster = 'https://cluster.example';

/** What the page asked of the server, and of the model's weights. */
async function watch(context: BrowserContext): Promise<{ sent: string[]; weights: string[] }> {
  const sent: string[] = [];
  const weights: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/model.safetensors')) weights.push(request.headers()['range'] ?? 'all');
  });
  await context.route(`${cluster}/**`, async (route) => {
    const request = route.request();
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (request.method() === 'OPTIONS') return route.fulfill({ status: 204, headers });
    sent.push(`${new URL(request.url()).pathname} ${request.postData()}`);
    const chunk = { choices: [{ index: 0, delta: { content: 'Hello from afar.' }, finish_reason: 'stop' }] };
    const body = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
    return route.fulfill({ headers: { ...headers, 'content-type': 'text/event-stream' }, body });
  });
  return { sent, weights };
}

const load = (page: Page) =>
  page.evaluate(async (baseURL) => {
    const { connect, loadModel } = await import('/dist/index.js' as string);
    const fallback = connect({ baseURL, model: 'owl', apiKey: 'page-key' });
    const model = await loadModel('/models/default/', { backend: 'wasm', cache: false, fallback });
    Object.assign(window, { model });
    return model.place as string;
  }, cluster);

test('a model that does not fit is served from afar, and its weights are not downloaded', async ({ page, context }) => {
  // A machine with 1 MB of memory.
  await page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { value: 2 ** -10 }));
  const { sent, weights } = await watch(context);
  await page.goto('/e2e/page/blank.html');
  expect(await load(page)).toBe('server');
  expect(sent).toEqual([]);
  expect(weights.every((range) => range.startsWith('bytes=0-'))).toBe(true);
  const said = await page.evaluate(async () => {
    const { model } = window as unknown as { model: { chat(messages: object[]): AsyncIterable<{ text?: string }> } };
    let text = '';
    for await (const part of model.chat([{ role: 'user', content: 'Hello!' }])) text += part.text ?? '';
    return text;
  });
  expect(said).toBe('Hello from afar.');
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^\/v1\/chat\/completions \{"model":"owl",.*"content":"Hello!"/);
});

test('a model that fits runs here, and nothing is sent', async ({ page, context }) => {
  const { sent, weights } = await watch(context);
  await page.goto('/e2e/page/blank.html');
  expect(await load(page)).toBe('here');
  const { text } = await page.evaluate(() => {
    const { model } = window as unknown as { model: { generate(prompt: string, options: object): { text: string } } };
    return model.generate('Once upon a time', { maxNewTokens: 8 });
  });
  expect(text).toMatch(/\w/);
  expect(weights.some((range) => !range.startsWith('bytes=0-'))).toBe(true);
  expect(sent).toEqual([]);
});
