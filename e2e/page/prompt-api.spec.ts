// The Prompt API's LanguageModel in a page, as pages use a browser's own.
import { readFileSync } from 'node:fs';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { expect, test } from '../serving.ts';

// The hub is asked for files that the model does not have.
test.use({ expectedErrors: /404/ });

const [, recipe] = /```html\n([\s\S]+?)```/.exec(readFileSync('docs/recipes/prompt-api.md', 'utf8')) ?? [];
const imports = { 'gptlet/prompt-api': '/dist/prompt-api.js' };
const files = chatModelFiles();

test.beforeEach(async ({ context }) => {
  await context.route('https://huggingface.co/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const headers = { 'access-control-allow-origin': '*' };
    if (name in files) await route.fulfill({ headers, body: Buffer.from(files[name]) });
    else await route.fulfill({ headers, status: 404 });
  });
});

test('the recipe: a download with a click, then an answer in pieces', async ({ page, context }) => {
  expect(recipe.trim().split('\n').length).toBeLessThanOrEqual(20);
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'LanguageModel'));
  await context.route('**/prompt-api.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>${recipe}`,
    }),
  );
  await page.goto('/prompt-api.html');
  const availability = () =>
    page.evaluate(() =>
      (globalThis as unknown as { LanguageModel: { availability(): Promise<string> } }).LanguageModel.availability(),
    );
  await expect.poll(availability).toBe('downloadable');
  await page.getByRole('button').click();
  // The model knows letters, no words.
  await expect(page.locator('#answer')).toHaveText(/^(?!\d+ %$)[\s\S]{10}/, { timeout: 60_000 });
  expect(await availability()).toBe('available');
});

test('a session answers in a form, remembers, is cloned, overflows and ends', async ({ page }) => {
  await page.goto('/e2e/page/blank.html');
  await page.mouse.click(1, 1);
  const seen = await page.evaluate(async () => {
    const { installLanguageModel } = await import('/dist/prompt-api.js' as string);
    const own = (globalThis as { LanguageModel?: unknown }).LanguageModel;
    const uninstall = installLanguageModel({
      model: 'owner/chat',
      force: true,
      loadOptions: { contextLength: 512, backend: 'wasm' },
      chatOptions: { seed: 1, maxNewTokens: 60 },
    });
    // biome-ignore lint/suspicious/noExplicitAny: the page's own global, of which TypeScript knows nothing
    const { LanguageModel } = globalThis as any;
    const told: number[] = [];
    const session = await LanguageModel.create({
      initialPrompts: [{ role: 'system', content: 'Be brief.' }],
      monitor(m: EventTarget) {
        m.addEventListener('downloadprogress', (event) => told.push((event as ProgressEvent).loaded));
      },
    });
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const json = await session.prompt('A number?', { responseConstraint: schema });
    const prefixed = [
      { role: 'user', content: 'Letters?' },
      { role: 'assistant', content: 'ab', prefix: true },
    ];
    const rest = await session.prompt(prefixed, { responseConstraint: /^[a-z]{5}$/ });
    const copy = await session.clone();
    const usage = [session.contextUsage, copy.contextUsage];
    let overflows = 0;
    copy.oncontextoverflow = () => overflows++;
    await copy.append('x'.repeat(300));
    const tooLong = await copy.append('x'.repeat(600)).catch((error: unknown) => error);
    const running = session.prompt('Go on and on.').catch((error: DOMException) => error.name);
    session.destroy();
    const destroyed = await running;
    await uninstall();
    return {
      json,
      rest,
      told,
      usage,
      overflows,
      window: session.contextWindow,
      isDomException: tooLong instanceof DOMException,
      tooLong: { name: tooLong.name, quota: tooLong.quota, fits: tooLong.requested <= tooLong.quota },
      destroyed,
      restored: (globalThis as { LanguageModel?: unknown }).LanguageModel === own,
    };
  });
  expect(Object.keys(JSON.parse(seen.json))).toEqual(['n']);
  expect(seen.rest).toMatch(/^[a-z]{3}$/);
  expect([seen.told[0], seen.told.at(-1)]).toEqual([0, 1]);
  expect(seen.usage[0]).toBeGreaterThan(0);
  expect(seen.usage[1]).toBe(seen.usage[0]);
  expect(seen.window).toBe(512);
  expect(seen.overflows).toBe(1);
  expect(seen.isDomException).toBe(true);
  expect(seen.tooLong).toEqual({ name: 'QuotaExceededError', quota: 512, fits: false });
  expect(seen.destroyed).toBe('InvalidStateError');
  expect(seen.restored).toBe(true);
});
