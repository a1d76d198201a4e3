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
  expect(requested.filter((path) => path.startsWith('/models/') || path.endsWith('worker.js'))).toEqual([]);
});
