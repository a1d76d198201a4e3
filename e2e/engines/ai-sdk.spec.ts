// The own calls of `ai` in Firefox, as e2e/projects/ai-sdk.spec.ts has them made in Chromium.
import { aiSdkCallPages, expectCalls, makeCalls } from '../projects/ai-sdk-call-pages.ts';
import { isInstalled, test } from './engine-fixture.ts';

test.skip(!isInstalled('Firefox'), 'Firefox is not installed');

test('Firefox: the calls of the AI SDK', async ({ engine }) => {
  const pages = await aiSdkCallPages();
  const page = await engine.newPage();
  try {
    await page.goto(`${pages.url}/ai-sdk-calls.html`);
    expectCalls(await page.evaluate(makeCalls, undefined));
  } finally {
    await page.close();
    await pages.close();
  }
});
