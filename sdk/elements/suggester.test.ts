import { expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import { createGeneration, nothingGenerated } from '../loaded-model/generation.ts';
import { type CompletingModel, Suggester } from './suggester.ts';

/** Goes on as told, word by word; `prompts` has what it was asked. */
function completing(continuation: string, { most = Infinity, finishReason = 'stop' as 'stop' | 'length' } = {}) {
  const prompts: string[] = [];
  const model: CompletingModel = {
    generate: (prompt, options) =>
      createGeneration(() => ({
        signal: options?.signal,
        run: async (onPart, signal) => {
          prompts.push(prompt);
          if (prompt.length > most) throw new GptletError('CONTEXT_OVERFLOW', 'The prompt is too long.');
          for (const text of continuation.match(/\s*\S+/g) ?? []) {
            await new Promise((resolve) => setTimeout(resolve));
            if (signal.aborted) break;
            onPart({ text, tokenIds: [] });
          }
          return { ...nothingGenerated(0, 0), finishReason };
        },
      })),
  };
  const errors: unknown[] = [];
  const suggester = new Suggester({
    ready: async () => model,
    options: () => undefined,
    onSuggestion: () => {},
    onError: (error) => errors.push(error),
  });
  return { suggester, prompts, errors };
}

it('a text that ends in a space is not suggested another', async () => {
  const { suggester, prompts } = completing(' a time');
  await suggester.ask('Once upon ');
  expect(prompts).toEqual(['Once upon']);
  expect(suggester.suggestionFor('Once upon ')).toBe('a time');
  expect(suggester.suggestionFor('Once upon a')).toBe(' time');
});

it('a suggestion that was cut by its length ends with a word', async () => {
  const { suggester } = completing(' a little gi', { finishReason: 'length' });
  await suggester.ask('Once upon');
  expect(suggester.suggestionFor('Once upon')).toBe(' a little');
});

it('a prompt that the context does not hold becomes shorter until it does', async () => {
  const { suggester, prompts, errors } = completing(' end', { most: 150 });
  const text = 'word '.repeat(400).trim();
  await suggester.ask(text);
  expect(suggester.suggestionFor(text)).toBe(' end');
  expect(errors).toEqual([]);
  expect(prompts.length).toBeGreaterThan(1);
  // The next one begins with what was found.
  await suggester.ask(`${text} more`);
  expect(prompts.at(-1)!.length).toBeLessThanOrEqual(150);
});

it('the answer to an older text is nobody’s', async () => {
  const { suggester } = completing(' one two three');
  const first = suggester.ask('old');
  await suggester.ask('new');
  await first;
  expect(suggester.suggestionFor('old')).toBe('');
  expect(suggester.suggestionFor('new')).toBe(' one two three');
});
