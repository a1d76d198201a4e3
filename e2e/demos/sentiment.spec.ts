import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../serving.ts';

test('the sentiment box tells glad from sorry', async ({ page }) => {
  await page.goto('/demos/sentiment/');
  const best = page.locator('#scores li').first();
  await expect(best).toContainText(/positive/i);
  await page.getByRole('button', { name: /The plot is a mess/ }).click();
  await expect(best).toContainText(/negative/i);
  await expect(page.locator('#weighed .supports').filter({ hasText: 'mess' })).toBeVisible();
});

test('words that mattered are marked, and the marking follows the text', async ({ page }) => {
  await page.goto('/demos/sentiment/');
  const weighed = page.locator('#weighed');
  await expect(weighed.locator('.supports')).toContainText(['wonderful']);
  await page.getByLabel('A sentence').fill('A dull story, but a wonderful cast.');
  await expect(weighed).toHaveText('A dull story, but a wonderful cast.');
  await expect(weighed.locator('mark')).toContainText(['dull', 'wonderful']);
  await page.getByLabel('A sentence').fill('');
  await expect(weighed).toBeHidden();
});

test('the sentiment box with its marks is accessible and fits a phone, light and dark', async ({ page }) => {
  await page.goto('/demos/sentiment/');
  await page.getByLabel('A sentence').fill('A dull plot, but the wonderful cast makes it a warm and funny film.');
  await expect(page.locator('#weighed mark').first()).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1280, height: 720 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await page.screenshot({ path: `test-results/screenshots/sentiment-${colorScheme}.png`, fullPage: true });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/screenshots/sentiment-phone-${colorScheme}.png`, fullPage: true });
  }
});

test.describe('without its model', () => {
  test.use({ expectedErrors: /404/ });

  test('the sentiment box says what is missing', async ({ page, context }) => {
    // Also with the model in the repository: as if it had not been copied to the server.
    await context.route('**/models/sentiment/**', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto('/demos/sentiment/');
    await expect(page.getByRole('alert')).toContainText('models/sentiment');
    await page.screenshot({ path: 'test-results/screenshots/sentiment-missing.png', fullPage: true });
  });
});
