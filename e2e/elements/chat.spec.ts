import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import type { scriptedModel, words } from '../../sdk/elements/testing/scripted-model.ts';
import { chat, expect, type GptletChat, test } from './elements-page.ts';

declare const window: Window & {
  scriptedModel: typeof scriptedModel;
  words: typeof words;
  heard: string[];
  spoken: string[];
};

const html = '<gptlet-chat label="Question" system="Be terse."><p slot="empty">Ask me anything.</p></gptlet-chat>';

test('a conversation by keyboard alone: lines, streaming, stop, answer again, copy', async ({
  page,
  open,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(html);
  await chat(page, (element) => {
    window.spoken = [];
    const status = element.shadowRoot!.querySelector('[role=status]')!;
    new MutationObserver(() => window.spoken.push(status.textContent ?? '')).observe(status, { childList: true });
    element.model = window.scriptedModel(
      (_, turn) =>
        window.words(turn === 2 ? 'One word after the other, without an end. '.repeat(40) : `Answer ${turn}.`),
      15,
    );
  });
  await expect(page.getByText('Ask me anything.')).toBeVisible();
  await page.keyboard.press('Tab'); // the log
  await page.keyboard.press('Tab');
  const input = page.getByRole('textbox', { name: 'Question' });
  await expect(input).toBeFocused();
  await page.keyboard.type('Two');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('lines');
  await page.keyboard.press('Enter');
  const items = page.getByRole('log', { name: 'Conversation' }).getByRole('listitem');
  await expect(items).toContainText(['Two\nlines', 'Answer 1.']);
  await expect(page.getByText('Ask me anything.')).toBeHidden();
  await expect(input).toHaveValue('');

  await page.keyboard.type('On and on');
  await page.keyboard.press('Enter');
  await expect(items.nth(3)).toContainText('One word');
  await expect(page.getByRole('log')).toHaveAttribute('aria-busy', 'true');
  await page.keyboard.type('waits');
  await page.keyboard.press('Enter');
  await expect(input).toHaveValue('waits');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  const stopped = await chatMessages(page);
  expect(stopped).toHaveLength(4);
  expect(stopped[3].content).toMatch(/^One word/);

  const again = page.getByRole('button', { name: 'Answer again' });
  await expect(again).toHaveCount(1);
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(items.nth(3)).toContainText('Answer 3.');
  await expect(again).toBeVisible();
  await items.nth(3).getByRole('button', { name: 'Copy' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Answer 3.');
  // Whole answers, never a part of one.
  const spoken = await page.evaluate(() => window.spoken.filter(Boolean));
  expect(spoken).toEqual(['Answer 1.', stopped[3].content, 'Answer 3.', 'Copied']);
});

test('an Enter that ends a composition sends nothing', async ({ page, open }) => {
  await open(html);
  await chat(page, (element) => {
    element.model = window.scriptedModel(() => window.words('An answer.'));
    const input = element.shadowRoot!.querySelector('textarea')!;
    input.value = '日本';
    for (const last of [{ isComposing: true }, { keyCode: 229 }])
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...last }));
  });
  expect(await chatMessages(page)).toEqual([]);
  await page.getByLabel('Question').press('Enter');
  await expect.poll(() => chatMessages(page)).toHaveLength(2);
});

test('errors are told, and tried again; a load shows its size; thoughts and tools are told apart', async ({
  page,
  open,
}) => {
  await open(html);
  await chat(page, (element) => {
    window.heard = [];
    for (const name of ['gptlet-message', 'gptlet-error', 'gptlet-progress'])
      document.addEventListener(name, () => window.heard.push(name));
    const call = { id: '1', name: 'clock', arguments: { zone: 'UTC' } };
    element.model = window.scriptedModel((_, turn) =>
      turn === 1
        ? [{ text: 'It is ' }, new Error('The clock fell off the wall.')]
        : [
            { reasoning: 'What may the time be?' },
            { toolCall: call },
            { toolResult: { toolCallId: '1', name: 'clock', content: '12:00', isError: false } },
            ...window.words('It is noon.'),
          ],
    );
    void element.send('What time is it?');
  });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The clock fell off the wall.');
  await expect(page.getByRole('listitem').nth(1)).toContainText('It is');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('log').getByText('It is noon.')).toBeVisible();
  await expect(alert.getByRole('button')).toHaveCount(0);
  await expect(page.getByText('What may the time be?')).toBeHidden();
  await page.getByText('Thinking').first().click();
  await expect(page.getByText('What may the time be?')).toBeVisible();
  await page.getByText('Used clock').click();
  await expect(page.getByText('→ 12:00')).toBeVisible();
  expect(await page.evaluate(() => window.heard)).toEqual([
    ...['gptlet-message', 'gptlet-error'],
    ...['gptlet-message', 'gptlet-message', 'gptlet-message'],
  ]);
});

test('it follows an answer at its end, and leaves in peace who reads above', async ({ page, open }) => {
  await open(html);
  await chat(page, (element) => {
    const long = Array.from({ length: 60 }, (_, i) => `Line ${i}.`).join('\n');
    element.messages = [
      { role: 'user', content: 'Before' },
      { role: 'assistant', content: long },
    ];
    element.model = window.scriptedModel(() => window.words(long), 10);
    void element.send('Go on');
  });
  const log = page.getByRole('log');
  const fromEnd = () => log.evaluate((each) => each.scrollHeight - each.scrollTop - each.clientHeight);
  await expect(page.getByRole('listitem').nth(3)).toContainText('Line 25.');
  expect(await fromEnd()).toBeLessThan(2);
  await log.evaluate((each) => each.scrollTo(0, 100));
  await expect(page.getByRole('listitem').nth(3)).toContainText('Line 59.');
  expect(await log.evaluate((each) => each.scrollTop)).toBe(100);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  expect(await fromEnd()).toBeLessThan(2);
});

test('Markdown is shown by the page’s own function; without one a text stays a text', async ({ page, open }) => {
  await open(html);
  await chat(page, (element) => {
    element.messages = [
      { role: 'user', content: '**a** <b>' },
      { role: 'assistant', content: '**bold** <img src=x>\n  kept' },
    ];
  });
  const items = page.getByRole('listitem');
  await expect(items.nth(1)).toContainText('**bold** <img src=x>\n  kept');
  await chat(page, (element) => {
    element.renderMarkdown = (markdown) => {
      const strong = document.createElement('strong');
      strong.textContent = markdown.split('**')[1];
      return strong;
    };
  });
  await expect(items.nth(1).locator('strong')).toHaveText('bold');
  await expect(items.nth(0)).toContainText('**a** <b>');
});

test('in a form it is a field: the messages as JSON, reset, disabled by a fieldset', async ({ page, open }) => {
  await open(`<form><fieldset>${html.replace('<gptlet-chat', '<gptlet-chat name="talk"')}</fieldset></form>`);
  await chat(page, (element) => {
    element.model = window.scriptedModel(() => window.words('An answer.'));
  });
  await page.getByLabel('Question').fill('Hello');
  await page.keyboard.press('Enter');
  await expect(page.getByText('An answer.').first()).toBeVisible();
  const sent = () =>
    page.locator('main > form').evaluate((form: HTMLFormElement) => JSON.parse(String(new FormData(form).get('talk'))));
  await expect.poll(sent).toMatchObject([{ role: 'user', content: 'Hello' }, { content: 'An answer.' }]);
  await page.locator('fieldset').evaluate((fieldset: HTMLFieldSetElement) => {
    fieldset.disabled = true;
  });
  await expect(page.getByLabel('Question')).toBeDisabled();
  await page.locator('main > form').evaluate((form: HTMLFormElement) => form.reset());
  await expect(page.getByRole('listitem')).toHaveCount(0);
});

test('a real model: loaded with the first message, stopped amid its answer, gone with the element', async ({
  page,
  open,
}) => {
  await open('<gptlet-chat text-send="Senden" text-loading="{loaded} von {total} geladen" lang="de"></gptlet-chat>');
  const files = Object.entries(chatModelFiles()).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  await page.locator('gptlet-chat').evaluate(async (element, given) => {
    const chat = element as GptletChat;
    const parts = await Promise.all(
      given.map(async ([name, text]) => [name, Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))] as const),
    );
    window.heard = [];
    chat.addEventListener('gptlet-progress', ({ detail }) => {
      const line = chat.shadowRoot!.querySelector('[part~=progress-text]')!;
      window.heard.push(`${detail.stage}: ${line.textContent}`);
    });
    chat.loadOptions = { backend: 'wasm' };
    chat.options = { seed: 1, maxNewTokens: 1500 };
    chat.model = Object.fromEntries(parts);
  }, files);
  expect(page.workers()).toHaveLength(0);
  await page.getByRole('textbox').fill('Hallo');
  await page.getByRole('button', { name: 'Senden' }).click();
  await expect(page.getByRole('listitem').nth(1)).not.toHaveText('Answer:', { timeout: 20_000 });
  await page.getByRole('textbox').press('Escape');
  await expect(page.getByRole('button', { name: 'Senden' })).toBeVisible();
  expect(page.workers().length).toBeGreaterThan(0);
  expect(await page.evaluate(() => window.heard.join('\n'))).toMatch(/download: \d(,\d)? MB von \d(,\d)? MB geladen/);
  // Moved, it keeps all; taken out, it lets go.
  await page.evaluate(() => document.body.append(document.querySelector('gptlet-chat')!));
  expect((await chatMessages(page)).length).toBeGreaterThan(0);
  expect(page.workers().length).toBeGreaterThan(0);
  await page.locator('gptlet-chat').evaluate((element) => element.remove());
  await expect.poll(() => page.workers().length).toBe(0);
});

const chatMessages = (page: import('@playwright/test').Page) =>
  page
    .locator('gptlet-chat')
    .evaluate((element) => (element as GptletChat).messages.map((message) => ({ ...message })));
