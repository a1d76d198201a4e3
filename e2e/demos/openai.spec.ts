import { serveChatModel } from '../page/chat-model-site.ts';
import { expect, test } from '../serving.ts';

test.use({ expectedErrors: /status of 404/ });

test('the page of OpenAI’s client streams from a model in it, and says what a model without a template lacks', async ({
  page,
  context,
}) => {
  await serveChatModel(context);
  await page.goto('/demos/openai/');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.locator('#status')).toContainText('no chat template', { timeout: 60_000 });
  await page.getByLabel('Hub id').fill('/chat-model/');
  await page.getByLabel('Hub id').blur();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('log')).toHaveText(/\S/, { timeout: 60_000 });
  await expect(page.locator('#status')).toHaveText('');
});
