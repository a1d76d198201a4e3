import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../serving.ts';

test('teach it: it learns what is there, what is added and what is pasted, and its head works elsewhere', async ({
  page,
}) => {
  await page.goto('/demos/teach/');
  const status = page.locator('#status');
  await expect(status).toContainText('Learnt 24 texts');
  await expect(page.locator('#figures')).toContainText(/\d+ % of 6/);
  await page.getByLabel('Try it').fill('The children laughed and danced.');
  await expect(page.locator('#scores li').first()).toContainText('glad');
  await expect(page.locator('#weighed mark').first()).toBeVisible();

  await page.getByLabel('A text').fill('A ghost came out of the wall and she ran away.');
  await page.getByRole('group', { name: 'Add the text as' }).getByRole('button', { name: 'scared' }).click();
  await expect(status).toContainText('Learnt 25 texts');

  await page.getByText('Many at once').click();
  const table = ['food', 'weather']
    .flatMap((label, k) =>
      [0, 1, 2, 3].map(
        (i) =>
          `${label}\t${
            [
              ['He ate an apple', 'Rain fell'],
              ['She baked bread', 'Snow came'],
            ][i % 2][k]
          } ${i}.`,
      ),
    )
    .join('\n');
  await page.getByLabel(/A line each/).fill(table);
  await page.getByRole('button', { name: 'Take these' }).click();
  await expect(status).toContainText('Learnt 8 texts');
  await page.getByLabel('Try it').fill('She baked an apple pie.');
  await expect(page.locator('#scores li').first()).toContainText('food');

  const label = await page.evaluate(async () => {
    const bytes = async (name: string) => {
      const { href } = document.querySelector(`a[download='${name}']`) as HTMLAnchorElement;
      return new Uint8Array(await (await fetch(href)).arrayBuffer());
    };
    const { loadHead } = (await import('gptlet/training' as string)) as typeof import('../../sdk/training.ts');
    const { loadModel } = (await import('gptlet' as string)) as typeof import('../../sdk/index.ts');
    const head = await loadHead({
      'config.json': await bytes('config.json'),
      'model.safetensors': await bytes('model.safetensors'),
    });
    const [best] = await head.attach(await loadModel()).classify('Snow came 9.');
    return best.label;
  });
  expect(label).toBe('weather');
});

test('teach it: the model may learn too', async ({ page }) => {
  await page.goto('/demos/teach/');
  await expect(page.locator('#status')).toContainText('Learnt 24 texts');
  await page.getByLabel(/LoRA/).check();
  await expect(page.locator('#status')).toContainText('Step');
  await expect(page.locator('#status')).toContainText('Learnt 24 texts', { timeout: 120_000 });
  await page.getByLabel('Try it').fill('The children laughed and danced.');
  await expect(page.locator('#scores li').first()).toContainText('glad');
  await expect(page.locator('#files a')).toContainText([
    'adapter_config.json',
    'adapter_model.safetensors',
    'config.json',
  ]);
});

test('teach it says what is missing', async ({ page }) => {
  await page.goto('/demos/teach/');
  await expect(page.locator('#status')).toContainText('Learnt');
  await page.getByRole('button', { name: 'Forget all' }).click();
  await expect(page.locator('#status')).toHaveText('Add some texts.');
  await page.getByLabel('A text').fill('One.');
  await page.getByLabel('is', { exact: true }).fill('a');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('#status')).toHaveText('Add texts with another label.');
  await page.getByText('Many at once').click();
  await page.getByLabel(/A line each/).fill('no label here');
  await page.getByRole('button', { name: 'Take these' }).click();
  await expect(page.getByRole('alert')).toContainText('line 1');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`teach it is accessible and fits a phone (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/demos/teach/');
    await expect(page.locator('#weighed mark').first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await page.screenshot({ path: `test-results/screenshots/teach-${colorScheme}.png`, fullPage: true });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/screenshots/teach-phone-${colorScheme}.png`, fullPage: true });
  });
}
