// <gptlet-complete> and <gptlet-classify>, with scripted models and with the embedded ones.
import { type CompletingModel, expect, type GptletClassify, type GptletComplete, test } from './elements-page.ts';

/** Goes on as told, a word at a time. */
const completing = (element: HTMLElement, continuation: string): void => {
  const complete = element as GptletComplete;
  complete.setAttribute('delay', '0');
  const generate = () => {
    const parts = (continuation.match(/\s*\S+/g) ?? []).map((text) => ({ text, tokenIds: [] }));
    const run = async function* () {
      yield* parts;
    };
    return Object.assign(Promise.resolve({ text: continuation, finishReason: 'stop' }), {
      [Symbol.asyncIterator]: run,
    });
  };
  complete.model = { generate: generate as unknown as CompletingModel['generate'] };
};

test('Tab accepts what is suggested, Escape dismisses it, and who types it keeps the rest', async ({ page, open }) => {
  await open('<gptlet-complete label="Story"></gptlet-complete><button>Next</button>');
  const complete = page.locator('gptlet-complete');
  await complete.evaluate(completing, ' upon a time');
  const ghost = complete.locator('[part=ghost]');
  const box = page.getByRole('textbox', { name: 'Story' });
  await box.pressSequentially('Once');
  await expect(ghost).toHaveText(' upon a time');
  await expect(page.getByRole('status')).toHaveText('Suggestion: upon a time Press Tab to accept.');
  await box.pressSequentially(' up');
  await expect(ghost).toHaveText('on a time');
  await page.keyboard.press('Tab');
  await expect(box).toHaveValue('Once upon a time');
  await expect(box).toBeFocused();
  await expect(ghost).toHaveText(' upon a time');
  await page.keyboard.press('Escape');
  await expect(ghost).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(box).not.toHaveValue('Once upon a time');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Next' })).toBeFocused();
});

test('it wraps a textarea and an editable element of the page, and draws where those write', async ({ page, open }) => {
  await open(
    '<gptlet-complete id="a"><textarea aria-label="Area" rows="4" cols="20"></textarea></gptlet-complete>' +
      '<gptlet-complete id="b"><div contenteditable="true" role="textbox" aria-label="Editable">Some <b>bold</b></div></gptlet-complete>',
  );
  for (const id of ['a', 'b']) await page.locator(`#${id}`).evaluate(completing, ' upon a time');
  for (const [id, name] of [
    ['a', 'Area'],
    ['b', 'Editable'],
  ]) {
    const box = page.getByRole('textbox', { name });
    await box.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Once');
    const ghost = page.locator(`#${id} [part=ghost]`);
    await expect(ghost).toHaveText(' upon a time');
    const [inner, outer] = [await ghost.boundingBox(), await box.boundingBox()];
    expect(inner!.y).toBeGreaterThanOrEqual(outer!.y);
    expect(inner!.y + inner!.height).toBeLessThanOrEqual(outer!.y + outer!.height + 1);
    expect(inner!.x).toBeGreaterThan(outer!.x + 20);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
  }
  await expect(page.getByRole('textbox', { name: 'Area' })).toHaveValue(' Once upon a time');
  await expect(page.getByRole('textbox', { name: 'Editable' })).toHaveText('Some bold Once upon a time');
});

test('in a form: a text, a label that has to be there, names by labels of the page', async ({ page, open }) => {
  await open(`<form>
    <label for="story">Story</label><gptlet-complete id="story" name="story" required></gptlet-complete>
    <label>Mood <gptlet-classify name="mood" required></gptlet-classify></label><button>Send</button></form>`);
  await page.locator('gptlet-classify').evaluate((element) => {
    (element as GptletClassify).model = {
      classify: async (text) => [
        { label: text.includes('good') ? 'glad' : 'sorry', score: 0.9 },
        { label: 'neither', score: 0.1 },
      ],
    };
  });
  const form = page.locator('form');
  const isValid = () => form.evaluate((each: HTMLFormElement) => each.checkValidity());
  const data = () => form.evaluate((each: HTMLFormElement) => Object.fromEntries(new FormData(each)));
  expect(await isValid()).toBe(false);
  await page.getByText('Story', { exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Story' })).toBeFocused();
  await page.keyboard.type('It rained.');
  expect(await isValid()).toBe(false);
  await page.getByRole('textbox', { name: 'Mood' }).fill('A good day.');
  await expect(page.getByRole('meter', { name: 'glad' })).toHaveAttribute('aria-valuetext', '90%');
  await expect.poll(isValid).toBe(true);
  expect(await data()).toEqual({ story: 'It rained.', mood: 'glad' });
  await expect(page.locator('gptlet-classify').getByRole('status')).toHaveText('glad, 90%');
  await form.evaluate((each: HTMLFormElement) => each.reset());
  expect(await data()).toEqual({ story: '' });
  await expect(page.getByRole('meter')).toHaveCount(0);
});

test('without a model they have the embedded ones', async ({ page, open }) => {
  await open('<gptlet-complete label="Story"></gptlet-complete><gptlet-classify label="Film"></gptlet-classify>');
  await page.getByRole('textbox', { name: 'Story' }).pressSequentially('Once upon a time there was a little');
  await expect(page.locator('[part=ghost]')).toHaveText(/[a-z]{3}/, { timeout: 30_000 });
  const film = page.getByRole('textbox', { name: 'Film' });
  for (const [text, label] of [
    ['A warm, funny film with a wonderful cast.', 'positive'],
    ['The plot is a mess and the jokes fall flat.', 'negative'],
  ]) {
    await film.fill(text);
    await expect(page.locator('[part~=best]')).toContainText(label, { timeout: 30_000 });
  }
});
