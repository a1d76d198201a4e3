// The components of docs/recipes/vue-svelte.md in a fresh Vite project, on its development server.
import { expect, test } from '../serving.ts';
import { page as app } from './expected-tokens.ts';
import { type FreshProject, freshProject } from './fresh-project.ts';
import { serveHub } from './local-hub.ts';
import { linesOf, recipesOf } from './recipes-of.ts';
import { pinned } from './versions.ts';

const recipes = recipesOf('docs/recipes/vue-svelte.md');

const surroundings = {
  'vite.config.js': `import vue from '@vitejs/plugin-vue';
import { svelte } from '@sveltejs/vite-plugin-svelte';
export default { plugins: [vue(), svelte()] };
`,
  'vue.html': app.html('<div id="app"></div><script type="module" src="/vue-page.js"></script>'),
  'vue-page.js': `import { createApp } from 'vue';
import Chat from './Chat.vue';
const shown = createApp(Chat);
shown.mount('#app');
window.leave = () => shown.unmount();
`,
  'svelte.html': app.html('<div id="app"></div><script type="module" src="/svelte-page.js"></script>'),
  'svelte-page.js': `import { mount, unmount } from 'svelte';
import Chat from './Chat.svelte';
const shown = mount(Chat, { target: document.getElementById('app') });
window.leave = () => unmount(shown);
`,
};

test('the recipes for Vue and Svelte are short', () => {
  expect(Object.keys(recipes)).toEqual(['Chat.vue', 'Chat.svelte']);
  for (const [name, code] of Object.entries(recipes)) expect(linesOf(code), name).toBeLessThanOrEqual(20);
});

test.describe('in a project @every', () => {
  test.describe.configure({ mode: 'serial', timeout: 180_000 });
  // The development server bundles dependencies elsewhere: the first rung of the ladder misses there.
  test.use({ expectedErrors: /404|worker/i });

  let project: FreshProject;
  let url: string;

  test.beforeAll(async () => {
    test.setTimeout(180_000); // a hook has a limit of its own
    const tools = pinned('vite', 'vue', '@vitejs/plugin-vue', 'svelte', '@sveltejs/vite-plugin-svelte');
    project = await freshProject({ ...recipes, ...surroundings }, tools);
    url = await project.start(/http:\/\/localhost:\d+/, 'vite', '--port', '0', '--host', 'localhost');
  });

  test.afterAll(() => project?.remove());

  for (const framework of ['vue', 'svelte']) {
    test(`a component of ${framework} answers twice, and its worker ends with it`, async ({ page, context }) => {
      await serveHub(context);
      await page.goto(`${url}/${framework}.html`);
      const lines = page.locator('form p');
      for (const [turn, question] of ['Who are you?', 'Can you fly?'].entries()) {
        await page.getByLabel('Your question').fill(question);
        await page.keyboard.press('Enter');
        await expect(lines.nth(2 * turn)).toHaveText(question);
        await expect(lines.nth(2 * turn + 1)).toHaveText(/\S/, { timeout: 60_000 });
      }
      expect(page.workers()).toHaveLength(1);
      await page.evaluate(() => (window as unknown as { leave(): void }).leave());
      await expect.poll(() => page.workers().length).toBe(0);
    });
  }
});
