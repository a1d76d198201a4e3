// The files of docs/recipes/ai-sdk.md with the packed package, `ai`, React and assistant-ui, in a page that no server answers.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { expect, test } from '../serving.ts';
import { packedPages } from './packed-pages.ts';

const recipes = Object.fromEntries(
  [...readFileSync('docs/recipes/ai-sdk.md', 'utf8').matchAll(/```jsx?\n\/\/ (\S+)\n([\s\S]+?)```/g)].map(
    ([, name, code]) => [name, code],
  ),
);

const mount = (name: string): string => `import { createRoot } from 'react-dom/client';
import { ${name} } from './${name}.jsx';
createRoot(document.getElementById('root')).render(<${name} />);
`;

const files = { ...recipes, 'chat.jsx': '', 'thread.jsx': '' };
files['chat.jsx'] = mount('Chat');
files['thread.jsx'] = mount('Assistant');

let pages: Awaited<ReturnType<typeof packedPages>>;

test.describe.configure({ mode: 'serial' });
// esbuild copies no worker: its address is asked for in vain, then the package's own copy runs.
test.use({ expectedErrors: /404|worker/i });

test.beforeAll(async () => {
  pages = await packedPages(files, ['answer.js', 'chat.jsx', 'thread.jsx']);
});
test.afterAll(() => pages?.close());

/** Opens a page; what it asks of the hub are the files of a tiny model that says anything. Returns what it asked elsewhere. */
async function open(page: Page, name: string): Promise<string[]> {
  const model = await chatModelFiles();
  const strange: string[] = [];
  await page.context().route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin === pages.url || url.protocol === 'blob:') return route.continue();
    const file = model[url.pathname.split('/').at(-1) as string];
    if (url.hostname !== 'huggingface.co') strange.push(url.href);
    const headers = { 'access-control-allow-origin': '*' };
    if (file === undefined) return route.fulfill({ status: 404, headers });
    return route.fulfill({ body: Buffer.from(file as Uint8Array), headers });
  });
  await page.goto(`${pages.url}/${name}.html`);
  return strange;
}

test('each recipe has at most 20 lines', () => {
  expect(Object.keys(recipes)).toEqual(['answer.js', 'Chat.jsx', 'Assistant.jsx']);
  for (const [name, code] of Object.entries(recipes))
    expect(code.trim().split('\n').length, name).toBeLessThanOrEqual(20);
});

test('a model answers, and counts its tokens', async ({ page }) => {
  const strange = await open(page, 'answer');
  await expect(page.locator('#answer')).toHaveText(/\S.* \(\d+ tokens\)$/s);
  expect(strange).toEqual([]);
});

test('useChat talks, twice, and stops', async ({ page }) => {
  const strange = await open(page, 'chat');
  const lines = page.getByRole('log').getByRole('listitem');
  for (const [turn, message] of ['Hello!', 'Go on.'].entries()) {
    await page.getByLabel('Your message').fill(message);
    await page.keyboard.press('Enter');
    await expect(lines.nth(2 * turn)).toHaveText(message);
    await expect(lines.nth(2 * turn + 1)).toHaveText(/\S/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  }
  expect(page.workers()).toHaveLength(1);
  expect(strange).toEqual([]);
});

test('assistant-ui shows a conversation', async ({ page }) => {
  const strange = await open(page, 'thread');
  const message = page.getByLabel('Your message');
  for (const text of ['Hello!', 'Go on.']) {
    await message.fill(text);
    await page.keyboard.press('Enter');
    await expect(page.getByText(text, { exact: true })).toBeVisible();
  }
  await page.screenshot({ path: 'test-results/screenshots/assistant-ui.png' });
  expect(strange).toEqual([]);
});
