import { serveChatModel } from '../page/chat-model-site.ts';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /status of 404/ });

test('the assistant streams, keeps, edits and answers again, by keyboard alone', async ({ page, context }) => {
  await serveChatModel(context);
  await page.goto('/demos/assistant/');
  await page.getByLabel('Hub id').fill('/chat-model/');
  await page.getByLabel('Hub id').press('Enter');
  await expect(page.locator('#model-choice .status')).toContainText('of memory as', { timeout: 60_000 });
  const message = page.getByLabel('Your message');
  await message.fill('Hello!');
  await message.press('Enter');
  const answers = page.locator('#messages > .assistant');
  const send = page.getByRole('button', { name: 'Send' });
  // A random model ends when it will, or at Escape.
  await expect(answers.first().locator('.words')).toHaveText(/\S/, { timeout: 60_000 });
  await message.press('Escape');
  await expect(send).toBeVisible();
  await expect(answers.first()).toContainText('tokens a second');

  // However soon it ends.
  await page.getByRole('button', { name: 'Again' }).press('Enter');
  await expect(answers.first()).toContainText('known already');
  await expect(send).toBeVisible();
  await expect(answers).toHaveCount(1);
  await page.screenshot({ path: 'test-results/screenshots/assistant.png', fullPage: true });

  await page.reload();
  await page.getByRole('button', { name: 'Hello!', exact: true }).press('Enter');
  await expect(page.locator('#messages > .user')).toContainText('Hello!');
  await page.getByRole('button', { name: 'Edit' }).press('Enter');
  await expect(message).toHaveValue('Hello!');
  await expect(page.locator('#messages > li')).toHaveCount(0);
});

test('markup of an answer does nothing in the page', async ({ page }) => {
  await page.addInitScript(() => {
    const answer =
      '**bold** <img src=x onerror="window.harmed = 1"> <script>window.harmed = 1</script> [a](javascript:harm)';
    const messages = [
      { role: 'user', content: 'Hello!' },
      { role: 'assistant', content: answer },
    ];
    localStorage.setItem(
      'gptlet-assistant',
      JSON.stringify([{ id: '1', title: 'Kept', saved: JSON.stringify(messages) }]),
    );
  });
  await page.goto('/demos/assistant/');
  await page.getByRole('button', { name: 'Kept', exact: true }).click();
  await expect(page.locator('.words strong')).toHaveText('bold');
  await expect(page.locator('.words').locator('img, script, [href^=javascript]')).toHaveCount(0);
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
});
