// The files of docs/recipes/ai-sdk.md with the packed package, `ai`, React and assistant-ui, in a page that no server answers.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { expect, test } from '../serving.ts';
import { aiSdkCallPages, expectCalls, makeCalls } from './ai-sdk-call-pages.ts';
import type { packedPages } from './packed-pages.ts';

const recipes = Object.fromEntries(
  [...readFileSync('docs/recipes/ai-sdk.md', 'utf8').matchAll(/```jsx?\n\/\/ (\S+)\n([\s\S]+?)```/g)].map(
    ([, name, code]) => [name, code],
  ),
);

const mount = (name: string): string => `import { createRoot } from 'react-dom/client';
import { ${name} } from './${name}.jsx';
createRoot(document.getElementById('root')).render(<${name} />);
`;

const files = { ...recipes, 'chat-page.jsx': mount('Chat'), 'assistant-page.jsx': mount('Assistant') };

let pages: Awaited<ReturnType<typeof packedPages>>;

test.describe.configure({ mode: 'serial' });
// esbuild copies no worker: its address is asked for in vain, then the package's own copy runs.
test.use({ expectedErrors: /404|worker/i });

test.beforeAll(async () => {
  pages = await aiSdkCallPages(files, ['answer.js', 'chat-page.jsx', 'assistant-page.jsx']);
});
test.afterAll(() => pages?.close());

/** Opens a page; what it asks of the hub are the files of a tiny model that says anything. Returns what it asked elsewhere. */
async function open(page: Page, name: string): Promise<string[]> {
  const model = chatModelFiles();
  const strange: string[] = [];
  await page.context().route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin === pages.url || url.protocol === 'blob:') return route.continue();
    const file = model[url.pathname.split('/').at(-1) ?? ''];
    if (url.hostname !== 'huggingface.co') strange.push(url.href);
    const headers = { 'access-control-allow-origin': '*' };
    if (file === undefined) return route.fulfill({ status: 404, headers });
    return route.fulfill({ body: Buffer.from(file), headers });
  });
  await page.goto(`${pages.url}/${name}.html`);
  return strange;
}

test('each recipe has at most 20 lines', () => {
  expect(Object.keys(recipes)).toEqual(['answer.js', 'Chat.jsx', 'Assistant.jsx']);
  for (const [name, code] of Object.entries(recipes))
    expect(code.trim().split('\n').length, name).toBeLessThanOrEqual(20);
});

test('the calls of the AI SDK: text, an object, tools, thoughts, aborts, embeddings', async ({ page }) => {
  await page.goto(`${pages.url}/ai-sdk-calls.html`);
  expectCalls(await page.evaluate(makeCalls));
});

test('a model answers, and counts its tokens', async ({ page }) => {
  const strange = await open(page, 'answer');
  await expect(page.locator('#answer')).toHaveText(/\S.* \(\d+ tokens\)$/s);
  expect(strange).toEqual([]);
});

test('useChat talks, twice', async ({ page }) => {
  const strange = await open(page, 'chat-page');
  const lines = page.getByRole('log').getByRole('listitem');
  for (const [turn, message] of ['Hello!', 'Go on.'].entries()) {
    await page.getByLabel('Your message').fill(message);
    await page.keyboard.press('Enter');
    await expect(lines.nth(2 * turn)).toHaveText(message);
    // A model of random weights may begin its second answer with a thought and never end it: nothing to show then.
    await expect(lines.nth(2 * turn + 1)).toHaveText(turn === 0 ? /\S/ : /^/);
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  }
  expect(page.workers()).toHaveLength(1);
  expect(strange).toEqual([]);
});

test('assistant-ui shows a conversation', async ({ page }) => {
  const strange = await open(page, 'assistant-page');
  const message = page.getByLabel('Your message');
  const said = page.locator('[data-message-id]');
  for (const [turn, text] of ['Hello!', 'Go on.'].entries()) {
    await message.fill(text);
    // It can be pressed when the answer before has ended.
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(said.nth(2 * turn)).toHaveText(text);
    await expect(said.nth(2 * turn + 1)).toHaveText(turn === 0 ? /\S/ : /^/);
  }
  await page.screenshot({ path: 'test-results/screenshots/assistant-ui.png' });
  expect(strange).toEqual([]);
});
