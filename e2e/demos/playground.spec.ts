import type { Page } from '@playwright/test';
import { expect, test } from '../serving.ts';

const slow = { timeout: 60_000 };

for (const backend of ['webgpu', 'wasm'] as const) {
  test(`playground streams a completion on ${backend}`, async ({ page }) => {
    await open(page, backend, { maxNewTokens: backend === 'webgpu' ? 8 : 64 });
    await page.getByRole('button', { name: 'Run' }).click();
    // Tokens appear while the run still goes on.
    await expect(page.getByRole('option').nth(2)).toBeVisible(slow);
    await expect(page.locator('#status')).toContainText('tokens a second.', slow);
    const text = await page.locator('#tokens').textContent();
    expect(text).toMatch(/[a-z]{2,} [a-z]+/i);
    await expect(page.locator('#model-facts')).toContainText(backend === 'webgpu' ? 'WebGPU' : 'WebAssembly');
    await page.screenshot({ path: `test-results/screenshots/playground-${backend}.png`, fullPage: true });
  });
}

test('the same seed gives the same completion', async ({ page }) => {
  await open(page, 'wasm', { maxNewTokens: 24, seed: 7 });
  const texts: (string | null)[] = [];
  for (let run = 0; run < 2; run++) {
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.locator('#status')).toContainText('tokens a second.');
    texts.push(await page.locator('#tokens').textContent());
    await page.getByLabel('Seed').focus();
    await page.evaluate(() => (document.getElementById('status')!.textContent = ''));
  }
  expect(texts[0]).toBeTruthy();
  expect(texts[1]).toBe(texts[0]);
});

test('the stop button ends a run within a token or so', async ({ page }) => {
  await open(page, 'wasm', { maxNewTokens: 384 });
  // From inside the page: a click that comes from outside may take longer than the whole text.
  await page.locator('#tokens').evaluate((tokens) => {
    const observer = new MutationObserver(() => {
      if (tokens.childElementCount >= 2) document.getElementById('stop')?.click();
    });
    observer.observe(tokens, { childList: true });
  });
  let count = 0;
  // What was on its way over the worker boundary still arrives, and a busy machine may hold the page up.
  await expect(async () => {
    await page.evaluate(() => (document.getElementById('status')!.textContent = ''));
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.locator('#status')).toContainText('Stopped');
    count = await page.getByRole('option').count();
    expect(count).toBeLessThan(60);
  }).toPass({ timeout: 60_000 });
  await page.waitForTimeout(300);
  expect(await page.getByRole('option').count()).toBe(count);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeDisabled();
});

test('pointing at a token, or walking to it by keyboard, shows its alternatives', async ({ page }) => {
  await open(page, 'wasm', { maxNewTokens: 8 });
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('#status')).toContainText('tokens a second.');
  const alternatives = page.locator('#alternatives li');
  await page.getByRole('option').nth(3).hover();
  expect(await alternatives.count()).toBeGreaterThanOrEqual(8);
  await expect(page.locator('#alternatives .chosen')).toHaveCount(1);
  const shares = await alternatives.evaluateAll((items) =>
    items.map((item) => Number(item.style.getPropertyValue('--share'))),
  );
  expect(shares.slice(0, 8)).toEqual(shares.slice(0, 8).sort((a, b) => b - a));
  expect(shares.slice(0, 8).reduce((a, b) => a + b)).toBeLessThanOrEqual(1.0001);

  await page.getByRole('option').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('option').nth(1)).toBeFocused();
  await expect(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
});

test('the keyboard alone runs and stops: the focus goes where there is something to press', async ({ page }) => {
  // The slower backend: a whole text of the other may be there before a key pressed from outside arrives.
  await open(page, 'webgpu', { maxNewTokens: 384 });
  await page.getByLabel('Prompt').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#status')).toContainText('Stopped');
  await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
});

test('an option that the model refuses is explained, and the next run works', async ({ page }) => {
  await open(page, 'wasm', { maxNewTokens: 8 });
  // Past what the context holds, whatever the model.
  await page.getByLabel('Prompt').fill('word '.repeat(4000));
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByRole('alert')).toContainText(/context|tokens/i);
  await page.getByLabel('Prompt').fill('Once');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('#status')).toContainText('tokens a second.');
  await expect(page.getByRole('alert')).toBeHidden();
});

async function open(page: Page, backend: 'webgpu' | 'wasm', settings: { maxNewTokens: number; seed?: number }) {
  await page.goto('/demos/playground/');
  await page.getByLabel('Runs on').selectOption(backend);
  await page.getByLabel('Longest completion').fill(String(settings.maxNewTokens));
  if (settings.seed !== undefined) await page.getByLabel('Seed').fill(String(settings.seed));
}
