import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../serving.ts';

const beginning = 'Once upon a time there was a little';
const stories = ['dog', 'cat', 'bear', 'fox'].flatMap((name) =>
  ['saw a tree', 'found a ball', 'ran home'].map((what) => `${beginning} ${name}. The ${name} ${what} and was happy.`),
);

test('the storyteller learns from what it is given, shows it, and its files are a model', async ({ page }) => {
  await page.goto('/demos/storyteller/');
  await page.getByLabel(/Texts/).fill(stories.join('\n\n'));
  await expect(page.locator('#amount')).toContainText('characters');
  await page.getByLabel('Size').selectOption({ index: 0 });
  await page.getByLabel('Steps').fill('24');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.locator('#status')).toContainText('Learnt 12 texts', { timeout: 60_000 });
  await expect(page.locator('#chart')).toHaveAttribute('aria-label', /The loss fell from \d\.\d+ to/);
  await expect(page.locator('#samples li').first()).toContainText('After 24 steps');
  await page.getByLabel('Begin a story').fill(beginning);
  await page.getByRole('button', { name: 'Tell it' }).click();
  await expect(page.locator('#story')).not.toHaveText(beginning);
  await expect(page.locator('#files a')).toHaveCount(7);

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  await page.screenshot({ path: 'test-results/screenshots/storyteller.png', fullPage: true });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: 'test-results/screenshots/storyteller-phone.png', fullPage: true });
});

test('the storyteller can be stopped, and goes on from its beginning', async ({ page }) => {
  await page.goto('/demos/storyteller/');
  await page.getByLabel(/Texts/).fill(stories.join('\n\n'));
  await page.getByLabel('Size').selectOption({ index: 0 });
  await page.getByLabel('Steps').fill('5000');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.locator('#status')).toContainText('Step');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('#status')).toHaveText('Stopped.');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Begin' })).toBeEnabled();
});
