import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../serving.ts';

const pages = [
  '/demos/',
  '/demos/playground/',
  '/demos/assistant/',
  '/demos/openai/',
  '/demos/chat/',
  '/demos/sentiment/',
  '/demos/bench/',
];

// Nothing here needs a model; what pages say without one is part of how they look.
test.use({ expectedErrors: /404/ });

for (const colorScheme of ['light', 'dark'] as const) {
  for (const path of pages) {
    test(`${path} is accessible and fits a phone (${colorScheme})`, async ({ page, context }) => {
      await context.route('**/models/**', (route) => route.fulfill({ status: 404, body: 'Not found' }));
      await page.emulateMedia({ colorScheme });
      await page.goto(path, { waitUntil: 'networkidle' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);

      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const name = `${path.split('/').at(-2)}-phone-${colorScheme}`;
      await page.screenshot({ path: `test-results/screenshots/${name}.png`, fullPage: true });
    });
  }
}
