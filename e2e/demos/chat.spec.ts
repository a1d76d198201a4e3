import { expect, test } from '../serving.ts';

test('the chat widget answers, and remembers the conversation', async ({ page }) => {
  await page.goto('/demos/chat/');
  const bubbles = page.getByRole('log').getByRole('listitem');
  await expect(bubbles).toHaveCount(1);
  for (const [turn, message] of ['Hello! What do you eat?', 'Can you fly?'].entries()) {
    await page.getByLabel('Your message').fill(message);
    await page.keyboard.press('Enter');
    await expect(bubbles.nth(2 * turn + 1)).toHaveText(message);
    await expect(bubbles.nth(2 * turn + 2)).toHaveText(/[a-z]/i);
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  }
  await page.screenshot({ path: 'test-results/screenshots/chat.png', fullPage: true });
});

test('the chat widget downloads no model before the first message', async ({ page }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await page.goto('/demos/chat/', { waitUntil: 'networkidle' });
  expect(requested).toContain('/dist/index.js');
  expect(requested.filter((path) => path.startsWith('/models/') || /\/worker[\w-]*\.js$/.test(path))).toEqual([]);
});

test('Stop ends an answer with nothing typed; Enter while one comes keeps what is typed', async ({ page }) => {
  await page.goto('/demos/chat/');
  const message = page.getByLabel('Your message');
  await message.fill('Tell me a story.');
  // From inside the page: the answer may be whole before a click from outside arrives.
  const kept = await page.locator('gptlet-chat').evaluate(async (chat) => {
    const root = chat.shadowRoot as ShadowRoot;
    const [input, button] = [root.querySelector('input'), root.querySelector('button')] as [
      HTMLInputElement,
      HTMLButtonElement,
    ];
    button.click();
    input.value = 'And then?';
    root.querySelector('form')?.requestSubmit();
    const state = [button.textContent, input.value];
    input.value = '';
    button.click();
    return state;
  });
  expect(kept).toEqual(['Stop', 'And then?']);
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  await expect(page.locator('gptlet-chat .status')).toHaveText('Stopped.');
  await message.fill('Are you there?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log').getByRole('listitem').last()).toHaveText(/[a-z]/i);
});

test('the chat widget answers again after its worker was ended', async ({ page }) => {
  await page.addInitScript(() => {
    const Original = Worker;
    globalThis.Worker = class extends Original {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        document.addEventListener('end-workers', () => this.terminate());
      }
    };
  });
  await page.goto('/demos/chat/');
  const bubbles = page.getByRole('log').getByRole('listitem');
  const say = async (text: string) => {
    await page.getByLabel('Your message').fill(text);
    await page.keyboard.press('Enter');
  };
  await say('Hello!');
  await expect(bubbles.nth(2)).toHaveText(/[a-z]/i);
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  await page.evaluate(() => document.dispatchEvent(new Event('end-workers')));
  await say('Are you there?');
  await expect(page.locator('gptlet-chat .status')).toContainText('worker');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  await say('And now?');
  await expect(bubbles.nth(5)).toHaveText(/[a-z]/i);
});
