// `ai` over a real engine: a tiny model with seeded weights, which can chat in form, not in content.
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadChatModel } from '../chat/testing/load-chat-model.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { createGptlet } from './create-gptlet.ts';

describe('a model that runs', () => {
  let model: GptModel;
  const gptlet = createGptlet({ load: async () => model });
  beforeAll(async () => {
    model = await loadChatModel();
  });
  afterAll(() => model.dispose());

  it('says by generateText and streamText what it says by chat', async () => {
    const settings = { prompt: 'Hello!', maxOutputTokens: 30, seed: 7, temperature: 1 };
    const { text, usage } = await model.chat([{ role: 'user', content: 'Hello!' }], {
      maxNewTokens: 30,
      seed: 7,
      temperature: 1,
    });
    const generated = await generateText({ model: gptlet('x/y'), ...settings });
    expect(generated).toMatchObject({ text, finishReason: 'length' });
    expect(generated.usage).toMatchObject({ inputTokens: usage.promptTokens, outputTokens: usage.generatedTokens });
    // All but the last token of the prompt, which gives the first logits.
    expect(generated.usage.inputTokenDetails.cacheReadTokens).toBe(usage.promptTokens - 1);
    const streamed = streamText({ model: gptlet('x/y'), ...settings });
    let pieces = '';
    for await (const piece of streamed.textStream) pieces += piece;
    expect(pieces).toBe(text);
  });

  it('makes an object that its zod schema takes', async () => {
    const schema = z.object({ kind: z.enum(['cat', 'dog']), legs: z.number().int().min(0).max(9) });
    const { output } = await generateText({
      model: gptlet('x/y'),
      prompt: 'An animal?',
      output: Output.object({ schema }),
      seed: 1,
    });
    expect(schema.parse(output)).toEqual(output);
  });

  it('calls a tool it has to call, and answers after the result, with what the cache held', async () => {
    const seen: unknown[] = [];
    const weather = tool({
      inputSchema: z.object({ place: z.enum(['Oslo', 'Rome']) }),
      execute: (input) => {
        seen.push(input);
        return { sky: 'clear' };
      },
    });
    const { steps } = await generateText({
      model: gptlet('x/y'),
      prompt: 'The weather?',
      tools: { weather },
      prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'auto' }),
      stopWhen: isStepCount(2),
      maxOutputTokens: 60,
      seed: 3,
      providerOptions: { gptlet: { parallelToolCalls: false } },
    });
    expect(steps.map(({ finishReason }) => finishReason)[0]).toBe('tool-calls');
    expect(steps).toHaveLength(2);
    expect(['Oslo', 'Rome']).toContain((seen[0] as { place: string }).place);
    const [first, second] = steps.map(({ usage }) => usage);
    expect(second.inputTokenDetails.cacheReadTokens).toBeGreaterThan((first.inputTokens ?? 0) / 2);
  });

  it('thinks when it is told to, and counts that', async () => {
    const { content, usage, finishReason } = await gptlet('x/y').doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Well?' }] }],
      responseFormat: { type: 'json' },
      reasoning: 'high',
      maxOutputTokens: 20,
      seed: 1,
    });
    expect(content).toEqual([{ type: 'reasoning', text: expect.stringMatching(/./s) }]);
    expect(finishReason.unified).toBe('length');
    expect(usage.outputTokens.reasoning).toBeGreaterThan(10);
  });

  it('stops within a token when it is told to', async () => {
    const stop = new AbortController();
    let tokens = 0;
    const result = streamText({
      model: gptlet('x/y'),
      prompt: 'Go on.',
      maxOutputTokens: 2000,
      abortSignal: stop.signal,
      providerOptions: { gptlet: { minNewTokens: 2000 } },
    });
    for await (const part of result.stream) {
      if (part.type === 'text-delta' && ++tokens === 5) stop.abort();
    }
    expect(tokens).toBe(5);
    // The next call has the model at once.
    const { text } = await generateText({ model: gptlet('x/y'), prompt: 'Hi', maxOutputTokens: 5, seed: 1 });
    expect(text).not.toBe('');
  });

  it('names an option of the provider that there is not', async () => {
    const answer = generateText({
      model: gptlet('x/y'),
      prompt: 'Hi',
      providerOptions: { gptlet: { thinkin: true } },
    });
    await expect(answer).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('thinking'),
    });
  });
});
