import { expect, test } from '../serving.ts';

test('the sentiment box tells glad from sorry', async ({ page }) => {
  await page.goto('/demos/sentiment/');
  const best = page.locator('#scores li').first();
  await expect(best).toContainText(/positive/i);
  await page.getByRole('button', { name: /The plot is a mess/ }).click();
  await expect(best).toContainText(/negative/i);
  await page.screenshot({ path: 'test-results/screenshots/sentiment.png', fullPage: true });
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
