// The official openai client in a page, its `fetch` answered by a model of the page.
import { expect, test } from '../shared-page.ts';
import type { callEverything } from './openai-calls.ts';
import { chatModelTexts, expectAnswers, openaiSource } from './openai-source.ts';

declare const openaiCalls: { callEverything: typeof callEverything };

test('the official client chats, streams, parses objects, runs tools and embeds, and sends nothing', async ({
  page,
}) => {
  await page.goto('/e2e/page/blank.html');
  await page.addScriptTag({ content: await openaiSource() });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/v1/')) sent.push(request.url());
  });
  expectAnswers(await page.evaluate((files) => openaiCalls.callEverything(files), chatModelTexts()));
  expect(sent).toEqual([]);
});
