import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const slow = { timeout: 60_000 };
const gguf = 'fixtures/families/qwen3/model.gguf';

/** Runs the playground's prompt once, shortly. */
async function run(page: Page): Promise<void> {
  await page.locator('#maxNewTokens').fill('8');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('#status')).toContainText('tokens a second.', slow);
  expect(await page.getByRole('option').count()).toBeGreaterThan(0);
}

test('the playground says what a GGUF file takes, then runs it', async ({ page }) => {
  await page.goto('/demos/playground/');
  await page.getByLabel('Runs on').selectOption('wasm');
  await page.locator('[name=files]').setInputFiles(gguf);
  await expect(page.locator('#model-choice .status')).toContainText('of memory as', slow);
  await run(page);
  await expect(page.locator('#model-facts')).toContainText('2 layers of 36');
  await page.screenshot({ path: 'test-results/screenshots/playground-gguf.png', fullPage: true });
});

test('the playground runs a folder by its address, and the embedded model again', async ({ page }) => {
  await page.goto('/demos/playground/');
  await page.getByLabel('Runs on').selectOption('wasm');
  await page.getByLabel('Hub id').fill('/models/default/');
  await page.getByLabel('Hub id').blur();
  await expect(page.locator('#model-choice .status')).toContainText('12 MB to read', slow);
  await run(page);
  await page.getByLabel('Hub id').fill('');
  await page.getByLabel('Hub id').blur();
  await run(page);
  await expect(page.locator('#model-facts')).toContainText('6 layers of 256');
});

test.describe('what is no model', () => {
  test.use({ expectedErrors: /404/ });

  test('is named before anything is downloaded', async ({ page }) => {
    await page.goto('/demos/playground/');
    await page.getByLabel('Hub id').fill('/demos/chat/');
    await page.getByLabel('Hub id').blur();
    await expect(page.locator('#model-choice .status')).toContainText('No model found', slow);
  });
});

test('the chat widget talks with the model of a file', async ({ page }) => {
  await page.goto('/demos/chat/');
  await page.locator('[name=files]').setInputFiles(gguf);
  await expect(page.locator('#model-choice .status')).toContainText('of memory as', slow);
  await page.getByLabel('Your message').fill('Hello!');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log').getByRole('listitem').nth(1)).toHaveText('Hello!');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible(slow);
  await expect(page.locator('gptlet-chat .status')).toHaveText('');
  await page.screenshot({ path: 'test-results/screenshots/chat-gguf.png', fullPage: true });
});
