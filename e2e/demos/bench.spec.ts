import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const slow = { timeout: 90_000 };

/** Ticks one size, one kind of weights and one place, and nothing else. */
async function choose(page: Page, ...wanted: readonly string[]): Promise<void> {
  await page.goto('/demos/bench/');
  await expect(page.locator('#status')).toContainText('measurements');
  await page.evaluate(() => {
    for (const box of document.querySelectorAll<HTMLInputElement>('input:checked')) box.click();
  });
  for (const value of wanted) await page.locator(`input[value="${value}"]`).setChecked(true);
}

test('the page of speed measures a small model, shows it accessibly and gives it as JSON', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await choose(page, '33M', 'q8', 'wasm 1');
  await expect(page.locator('#status')).toContainText(/^1 measurement; at most [\d.]+ MB/);
  await page.getByRole('button', { name: 'Start' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeFocused();
  await expect(page.locator('#status')).toHaveText('Done: 1 measured.', slow);
  await expect(page.getByRole('button', { name: 'Start' })).toBeFocused();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('rowheader', { name: '33M q8 CPU, 1 thread' })).toBeVisible();

  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.locator('#copied')).toHaveText('Copied.');
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const { version } = JSON.parse(await (await page.request.get('/package.json')).text());
  expect(copied).toMatchObject({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    machine: { gptlet: version, cores: expect.any(Number), crossOriginIsolated: true },
    promptTokens: 128,
    results: [{ model: '33M', dtype: 'q8', backend: 'wasm', threads: 1 }],
  });
  expect(copied.machine.userAgent).toContain('Chrome');
  expect(['vnni', 'pairs', 'signed', 'none']).toContain(copied.machine.byteProducts);
  const [{ prefillTokensPerSecond, decodeTokensPerSecond, weightBytes, limit }] = copied.results;
  expect(prefillTokensPerSecond).toBeGreaterThan(decodeTokensPerSecond);
  // 33.9 million weights of a byte, and a scale for each group of them.
  expect(weightBytes).toBeGreaterThan(33.5e6);
  expect(weightBytes).toBeLessThan(45e6);
  expect(limit).toBeCloseTo((weightBytes * decodeTokensPerSecond) / 1e9 / copied.reading['CPU, 1 thread'], 6);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('gptlet-bench.json');

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1280, height: 900 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await page.screenshot({ path: `test-results/screenshots/bench-${colorScheme}.png`, fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/screenshots/bench-phone-${colorScheme}.png`, fullPage: true });
  }
});

test('the page of speed stops at once, and keeps what it has', async ({ page }) => {
  await choose(page, '33M', 'q8', 'q4', 'wasm 1');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.locator('#rows tr')).toHaveCount(1, slow);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('#status')).toHaveText('Stopped: 1 of 2 measured.');
  await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
});

test('the page of speed offers no size that does not fit into this machine', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 1 }));
  await choose(page, 'f32', 'wasm 1');
  const large = page.getByRole('checkbox', { name: '355M' });
  await expect(large).toBeDisabled();
  await expect(page.locator('#sizes label').filter({ has: large })).toContainText('this machine has about 1 GB');
  await expect(page.getByRole('checkbox', { name: '33M' })).toBeEnabled();
  await page.locator('input[value="q8"]').setChecked(true);
  await expect(large).toBeEnabled();
});
