// What the elements look like: to axe, and on pictures in test-results/screenshots.
import AxeBuilder from '@axe-core/playwright';
import type { scriptedModel, words } from '../../sdk/elements/testing/scripted-model.ts';
import { expect, type GptletChat, type GptletClassify, type GptletComplete, test } from './elements-page.ts';

declare const window: Window & { scriptedModel: typeof scriptedModel; words: typeof words };

const empty = '<p slot="empty">Ask me anything.</p>';
const html = `
  <gptlet-chat label="Question">${empty}</gptlet-chat>
  <gptlet-complete label="Story"></gptlet-complete>
  <gptlet-classify label="How was it?"></gptlet-classify>`;

const languages = {
  en: {
    attributes: 'lang="en"',
    question: 'How do I keep basil alive on a window sill?',
    answer:
      'Three things help:\n\n1. Light: the sunniest window you have.\n2. Water from below, when the soil feels dry.\n3. Pick the tips often, so that it grows wide instead of tall.\n\nAnd turn the pot now and then.',
    next: 'How often should I water it?',
    story: 'Once upon a',
    suggestion: ' time there was a little fox.',
    film: 'A warm, funny film with a wonderful cast.',
  },
  ar: {
    attributes: 'lang="ar" dir="rtl"',
    question: 'كيف أعتني بالريحان على حافة النافذة؟',
    answer:
      'ثلاثة أشياء تساعد:\n\n1. الضوء: أكثر نافذة مشمسة لديك.\n2. الماء من الأسفل عندما تجف التربة.\n3. اقطف الأطراف كثيرا.\n\nUse a pot with a hole.',
    next: 'كم مرة أسقيه؟',
    story: 'كان يا ما',
    suggestion: ' كان في قديم الزمان ثعلب صغير.',
    film: 'فيلم دافئ ومضحك.',
  },
} as const;

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['en', 'ar'] as const) {
    const isUsual = (language === 'en') === (colorScheme === 'light');
    test(`accessible, on a phone and a desk: ${language}, ${colorScheme}${isUsual ? '' : ' @every'}`, async ({
      page,
      open,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const said = languages[language];
      await open(html, said.attributes);
      await fill(page, said);
      for (const [size, width, height] of [
        ['desk', 1100, 1000],
        ['phone', 360, 740],
      ] as const) {
        await page.setViewportSize({ width, height });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        const path = `test-results/screenshots/elements-${size}-${language}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
      }
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    });
  }
}

test('accessible while empty, loading, answering and failing', async ({ page, open }) => {
  await open(
    ['a', 'b', 'c', 'd'].map((id) => `<gptlet-chat id="${id}" label="Question ${id}">${empty}</gptlet-chat>`).join(''),
  );
  await page.evaluate(async () => {
    // Weights of which no more than a half ever comes.
    const { fetch } = window;
    window.fetch = async (...given) => {
      const response = await fetch(...given);
      if (!response.url.endsWith('.safetensors') || Number(response.headers.get('content-length')) < 1e6)
        return response;
      const bytes = await response.arrayBuffer();
      const start = (stream: ReadableStreamDefaultController<Uint8Array>) =>
        stream.enqueue(new Uint8Array(bytes, 0, bytes.byteLength / 2));
      return new Response(new ReadableStream({ start }), response);
    };
    const [, loading, answering, failing] = document.getElementsByTagName('gptlet-chat') as unknown as GptletChat[];
    loading.model = '/models/default/';
    loading.loadOptions = { worker: false, cache: false };
    answering.model = window.scriptedModel(() => window.words('One word after the other. '.repeat(500)), 20);
    failing.model = window.scriptedModel(() => [new Error('The model needs 2.1 GB of memory, and there is 1 GB.')]);
    void loading.send('Hello');
    void answering.send('Hello');
    await failing.send('Hello');
  });
  await expect(page.locator('#b [part~=progress-text]')).toHaveText(/^Loading the model: \d\.\d MB of \d+ MB$/);
  await expect(page.locator('#c')).toContainText('One word after the other. One word');
  await page.screenshot({ path: 'test-results/screenshots/elements-states.png', fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  await page.locator('#b').getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('#b')).toContainText('Stopped before there was an answer.');
  await expect(page.locator('#b [part~=progress]')).toBeHidden();
});

async function fill(
  page: import('@playwright/test').Page,
  said: (typeof languages)[keyof typeof languages],
): Promise<void> {
  await page.evaluate(
    ({ question, answer, next, suggestion }) => {
      const [chat] = document.getElementsByTagName('gptlet-chat') as unknown as [GptletChat];
      chat.messages = [
        { role: 'user', content: question },
        { role: 'assistant', content: answer, reasoning: 'Basil likes warmth.' },
        { role: 'user', content: next },
        { role: 'assistant', content: answer.slice(0, 40) },
      ];
      const complete = document.querySelector('gptlet-complete') as GptletComplete;
      complete.model = {
        generate: () =>
          Object.assign(Promise.resolve({ finishReason: 'stop' }), {
            async *[Symbol.asyncIterator]() {
              yield { text: suggestion, tokenIds: [] };
            },
          }),
      } as never;
      const classify = document.querySelector('gptlet-classify') as GptletClassify;
      classify.model = {
        classify: async () => [
          { label: 'positive', score: 0.93 },
          { label: 'negative', score: 0.07 },
        ],
      };
    },
    { ...said },
  );
  await page.locator('gptlet-classify textarea').fill(said.film);
  await expect(page.getByRole('meter')).toHaveCount(2);
  await page.locator('gptlet-complete textarea').pressSequentially(said.story);
  await expect(page.locator('[part=ghost]')).toHaveText(said.suggestion);
}
