// The files of docs/recipes.md and docs/recipes/react.md in a fresh Vite project, on its development server: as they stand, under
// React's StrictMode, and edited while they run.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';
import { page as app } from './expected-tokens.ts';
import { type FreshProject, freshProject } from './fresh-project.ts';
import { serveHub } from './local-hub.ts';
import { linesOf, recipesOf } from './recipes-of.ts';
import { pinned } from './versions.ts';

const recipes = recipesOf('docs/recipes.md');
const reactRecipes = recipesOf('docs/recipes/react.md');

/** What a recipe needs around it. */
const surroundings = {
  'vite.config.js': `import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n`,
  'react.html': app.html('<div id="root"></div><script type="module" src="/react-page.jsx"></script>'),
  'react-page.jsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './Chat.jsx';
import { Facts } from './Facts.jsx';
import { Mood } from './Mood.jsx';
createRoot(document.getElementById('root')).render(<StrictMode><Chat /><Facts /><Mood /></StrictMode>);
`,
  'story.html': app.html('<div id="root"></div><script type="module" src="/story-page.jsx"></script>'),
  'story-page.jsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Story } from './Story.jsx';
createRoot(document.getElementById('root')).render(<StrictMode><Story prompt="Once upon a time" /></StrictMode>);
`,
  'own-model.html': app.html('<div id="root"></div><script type="module" src="/own-model.jsx"></script>'),
  'own-model.jsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Words } from './Words.jsx';
const root = createRoot(document.getElementById('root'));
root.render(<StrictMode><Words /></StrictMode>);
window.leave = () => root.unmount();
`,
  'Words.jsx': `import { useModel } from 'gptlet/react';
import { useEffect, useState } from 'react';
window.mounts ??= 0;
export function Words() {
  const { model } = useModel(undefined, { gcTime: 0 });
  const [text, setText] = useState('');
  useEffect(() => { window.mounts++; }, []);
  useEffect(() => { model?.generate('Once', { maxNewTokens: 4 }).then(({ text }) => setText(text)); }, [model]);
  return <p id="words">{text}</p>;
}
`,
  'hot.html': app.html('<script type="module" src="/hot.js"></script>'),
  'hot.js': `import { model } from './model.js';
window.tokens = (await model.generate('Once', { maxNewTokens: 4, temperature: 0 })).tokenIds.length;
import.meta.hot.accept();
`,
};

test.describe.configure({ mode: 'serial', timeout: 180_000 });
// The development server bundles dependencies elsewhere: the first rung of the ladder misses there.
test.use({ expectedErrors: /404|worker/i });

let project: FreshProject;
let url: string;

test.beforeAll(async () => {
  test.setTimeout(180_000); // a hook has a limit of its own
  project = await freshProject(
    { ...recipes, ...reactRecipes, ...surroundings },
    pinned('vite', '@vitejs/plugin-react', 'react', 'react-dom'),
  );
  url = await project.start(/http:\/\/localhost:\d+/, 'vite', '--port', '0', '--host', 'localhost');
});

test.afterAll(() => project?.remove());

/**
 * Changes a file of the running project, all at once: writing empties a file first, and on a busy machine the server serves it so,
 * for good when the watcher takes the rest of the write for the same change.
 */
async function edit(name: string, from: string, to: string): Promise<void> {
  const path = join(project.folder, name);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  const written = `${project.folder}.edit`; // beside the project: not watched
  await writeFile(written, text.replace(from, to));
  await rename(written, path);
}

/** A page that is loaded anew has lost it. */
const mark = (page: Page): Promise<void> =>
  page.evaluate(() => Object.assign(window, { sameDocument: true }) && undefined);
const isMarked = (page: Page): Promise<boolean> => page.evaluate(() => 'sameDocument' in window);

test('the pages have the recipes', () => {
  expect(Object.keys(recipes).sort()).toEqual(['chat.html', 'model.js', 'sentiment.html']);
  expect(Object.keys(reactRecipes).sort()).toEqual(['Chat.jsx', 'Facts.jsx', 'Mood.jsx', 'Story.jsx']);
  for (const [name, code] of Object.entries(reactRecipes)) expect(linesOf(code), name).toBeLessThanOrEqual(20);
});

test('the chat box answers, twice', async ({ page }) => {
  await page.goto(`${url}/chat.html`);
  const lines = page.getByRole('log').getByRole('listitem');
  for (const [turn, message] of ['Hello! What do you eat?', 'Can you fly?'].entries()) {
    await page.getByLabel('Your message').fill(message);
    await page.keyboard.press('Enter');
    await expect(lines.nth(2 * turn)).toHaveText(message);
    await expect(lines.nth(2 * turn + 1)).toHaveText(/[a-z]{2}/i, { timeout: 60_000 });
  }
  expect(page.workers()).toHaveLength(1);
});

test('the sentiment box tells glad from sorry', async ({ page }) => {
  await page.goto(`${url}/sentiment.html`);
  const text = page.getByLabel('A sentence');
  await text.fill('A warm, funny film with a wonderful cast.');
  await expect(page.locator('#verdict')).toHaveText(/^positive, \d+ %$/, { timeout: 60_000 });
  await text.fill('The plot is a mess and the jokes fall flat.');
  await expect(page.locator('#verdict')).toHaveText(/^negative, \d+ %$/);
});

test('components of React’s: a chat with a model of the hub, a size behind Suspense, a mood', async ({
  page,
  context,
}) => {
  await serveHub(context);
  await page.goto(`${url}/react.html`);
  await page.getByLabel('Your question').fill('Who are you?');
  await page.keyboard.press('Enter');
  await expect(page.locator('p.user')).toHaveText('Who are you?');
  await expect(page.locator('p.assistant')).toHaveText(/\S/, { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Ask' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(page.locator('#facts')).toHaveText('6 layers');
  await page.getByLabel('A sentence').fill('A warm, funny film with a wonderful cast.');
  await expect(page.locator('output')).toHaveText('positive');
});

test('React mounts twice in StrictMode: one story, one worker, also after an edit', async ({ page }) => {
  await page.goto(`${url}/story.html`);
  const story = page.locator('#story');
  await expect(story).toHaveText(/^\W*\w+ \w+ \w+/, { timeout: 60_000 });
  expect(page.workers()).toHaveLength(1);
  const [worker] = page.workers();
  await mark(page);
  await edit('Story.jsx', '<p id="story">', '<p id="story" className="edited">');
  await expect(page.locator('#story.edited')).toHaveText(/^\W*\w+ \w+ \w+/);
  expect(await isMarked(page), 'the component was replaced, not the page').toBe(true);
  expect(page.workers()).toEqual([worker]);
});

test('a model that a component loads: one worker after StrictMode’s second mount, none after the last unmount', async ({
  page,
}) => {
  await page.goto(`${url}/own-model.html`);
  await expect(page.locator('#words')).toHaveText(/\w/, { timeout: 60_000 });
  expect(await page.evaluate(() => (window as unknown as { mounts: number }).mounts), 'StrictMode').toBe(2);
  await expect.poll(() => page.workers().length).toBe(1);
  await mark(page);
  await edit('Words.jsx', '<p id="words">', '<p id="words" className="edited">');
  await expect(page.locator('#words.edited')).toHaveText(/\w/, { timeout: 60_000 });
  // Another list of hooks: React mounts the component anew.
  await edit('Words.jsx', 'const [text', 'useState(0);\n  const [text');
  await expect.poll(() => page.evaluate(() => (window as unknown as { mounts: number }).mounts)).toBeGreaterThan(2);
  expect(await isMarked(page), 'components were replaced, not the page').toBe(true);
  await expect.poll(() => page.workers().length).toBe(1);
  await page.evaluate(() => (window as unknown as { leave(): void }).leave());
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a module that holds a model is edited, three times: its worker stays the only one', async ({ page }) => {
  await page.goto(`${url}/hot.html`);
  const tokens = () => page.evaluate(() => (window as unknown as { tokens?: number }).tokens);
  await expect.poll(tokens, { timeout: 60_000 }).toBe(4);
  await mark(page);
  const [worker] = page.workers();
  for (let i = 5; i <= 7; i++) {
    await edit('model.js', 'export const model', `window.edits = ${i};\nexport const model`);
    await expect.poll(() => page.evaluate(() => (window as unknown as { edits?: number }).edits)).toBe(i);
    await edit('hot.js', `maxNewTokens: ${i - 1}`, `maxNewTokens: ${i}`);
    await expect.poll(tokens, { timeout: 60_000 }).toBe(i);
    expect(page.workers()).toEqual([worker]);
  }
  expect(await isMarked(page), 'modules were replaced, not the page').toBe(true);
});
