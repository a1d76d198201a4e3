import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../serving.ts';

const pages = [
  '/demos/',
  '/demos/playground/',
  '/demos/assistant/',
  '/demos/openai/',
  '/demos/chat/',
  '/demos/sentiment/',
  '/demos/storyteller/',
  '/demos/bench/',
];

// Nothing here needs a model; what pages say without one is part of how they look.
test.use({ expectedErrors: /404/ });

for (const path of pages) {
  test(`${path} is accessible and fits a phone, light and dark`, async ({ page, context }) => {
    await context.route('**/models/**', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(path, { waitUntil: 'networkidle' });
    await expectAccessible(new AxeBuilder({ page }));
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const name = `${path.split('/').at(-2)}-phone`;
    await page.screenshot({ path: `test-results/screenshots/${name}-light.png`, fullPage: true });
    await page.emulateMedia({ colorScheme: 'dark' });
    // Nothing but colours is another now.
    await expectAccessible(new AxeBuilder({ page }).withRules('color-contrast'));
    await page.screenshot({ path: `test-results/screenshots/${name}-dark.png`, fullPage: true });
  });
}

async function expectAccessible(axe: AxeBuilder): Promise<void> {
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
