// `ai` itself over a model that says what it is told to.
import {
  APICallError,
  generateText,
  isStepCount,
  NoOutputGeneratedError,
  Output,
  streamText,
  type TextStreamPart,
  ToolLoopAgent,
  type ToolSet,
  tool,
} from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GptletError } from '../errors/gptlet-error.ts';
import { createGptlet } from './create-gptlet.ts';
import { type Script, type ScriptedModel, scriptedModel } from './testing/scripted-model.ts';

const gptlet = createGptlet();
const usage = { promptTokens: 10, cachedTokens: 4, generatedTokens: 7, reasoningTokens: 5, forcedTokens: 1 };
const modelOf = (...scripts: Script[]): ScriptedModel => scriptedModel(scripts, { usage });

const add = tool({
  description: 'Adds two numbers.',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});
const callOf = (id: string, a: number, b: number): Script[number] => ({
  toolCall: { id, name: 'add', arguments: { a, b } },
});

async function partsOf<Tools extends ToolSet>(
  stream: AsyncIterable<TextStreamPart<Tools>>,
): Promise<TextStreamPart<Tools>[]> {
  const parts: TextStreamPart<Tools>[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('generateText', () => {
  it('gives text, reasoning, usage and the reason to finish', async () => {
    const model = modelOf([{ reasoning: 'Hm.' }, { text: 'Hello' }, { text: ' you.' }]);
    const result = await generateText({
      model: gptlet(model),
      instructions: 'Be brief.',
      prompt: 'Hello',
      temperature: 0,
      providerOptions: { gptlet: { thinking: true } },
    });
    expect(result).toMatchObject({ text: 'Hello you.', reasoningText: 'Hm.', finishReason: 'stop', warnings: [] });
    expect(result.usage).toMatchObject({
      inputTokens: 10,
      inputTokenDetails: { noCacheTokens: 6, cacheReadTokens: 4 },
      outputTokens: 7,
      outputTokenDetails: { textTokens: 2, reasoningTokens: 5 },
      totalTokens: 17,
    });
    expect(model.asked).toEqual([
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        ],
        options: { temperature: 0, thinking: true },
      },
    ]);
  });

  it('makes an object of a zod schema', async () => {
    const model = modelOf([{ text: '{"name":"Ada",' }, { text: '"age":36}' }]);
    const schema = z.object({ name: z.string(), age: z.number() });
    const { output } = await generateText({ model: gptlet(model), prompt: 'Who?', output: Output.object({ schema }) });
    expect(output).toEqual({ name: 'Ada', age: 36 });
    expect(model.asked[0].options.constraint).toMatchObject({
      jsonSchema: { type: 'object', properties: { name: { type: 'string' }, age: { type: 'number' } } },
    });
  });

  it('runs a loop of tools, and hands each result back', async () => {
    const model = modelOf([{ text: 'I add.' }, callOf('a', 2, 3)], [callOf('b', 5, 5)], [{ text: 'It is 10.' }]);
    const { text, steps, totalUsage } = await generateText({
      model: gptlet(model),
      prompt: 'What is 2 + 3 + 5?',
      tools: { add },
      stopWhen: isStepCount(5),
    });
    expect(text).toBe('It is 10.');
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'tool-calls', 'stop']);
    expect(totalUsage.inputTokenDetails.cacheReadTokens).toBe(12);
    expect(model.asked[2].messages.slice(1)).toEqual([
      { role: 'assistant', content: 'I add.', toolCalls: [{ id: 'a', name: 'add', arguments: { a: 2, b: 3 } }] },
      { role: 'tool', toolCallId: 'a', content: '5' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'b', name: 'add', arguments: { a: 5, b: 5 } }] },
      { role: 'tool', toolCallId: 'b', content: '10' },
    ]);
    expect(model.asked[0].options.tools?.add).toMatchObject({
      description: 'Adds two numbers.',
      parameters: { type: 'object', required: ['a', 'b'] },
    });
    expect(model.asked[0].options.tools?.add.execute).toBeUndefined();
  });

  it('tells the model what went wrong with a tool', async () => {
    const failing = tool({
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: (): number => {
        throw new Error('no numbers today');
      },
    });
    const model = modelOf([callOf('a', 1, 1)], [{ text: 'I cannot.' }]);
    const { text } = await generateText({
      model: gptlet(model),
      prompt: '1 + 1?',
      tools: { add: failing },
      stopWhen: isStepCount(2),
    });
    expect(text).toBe('I cannot.');
    expect(model.asked[1].messages.at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringContaining('no numbers today'),
    });
  });

  it('keeps what it thought between calls', async () => {
    const model = modelOf([{ reasoning: 'Add.' }, callOf('a', 1, 1)], [{ text: '2' }]);
    await generateText({ model: gptlet(model), prompt: '1 + 1?', tools: { add }, stopWhen: isStepCount(2) });
    expect(model.asked[1].messages[1]).toMatchObject({ role: 'assistant', reasoning: 'Add.' });
  });

  it('rejects for an abort, and stops the model', async () => {
    const stop = new AbortController();
    const model = modelOf([{ text: 'One' }, 'wait']);
    const answer = generateText({ model: gptlet(model), prompt: 'Count.', abortSignal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.aborted).toBe(1);
    expect(model.asked).toHaveLength(1);
  });

  it('rejects with the model’s own error, and does not try again what cannot work', async () => {
    const error = new GptletError('CONTEXT_OVERFLOW', 'too long');
    const model = modelOf([error]);
    await expect(generateText({ model: gptlet(model), prompt: 'x' })).rejects.toBe(error);
    expect(APICallError.isInstance(error)).toBe(false);
    expect(model.asked).toHaveLength(1);
  });

  it('refuses an image before it is downloaded', async () => {
    const image = { type: 'file', mediaType: 'image/png', data: new URL('https://example.invalid/cat.png') } as const;
    const answer = generateText({ model: gptlet(modelOf()), messages: [{ role: 'user', content: [image] }] });
    await expect(answer).rejects.toMatchObject({ name: 'AI_UnsupportedFunctionalityError' });
  });
});

describe('streamText', () => {
  it('streams reasoning and text in blocks, and the raw parts where asked', async () => {
    const model = modelOf([{ reasoning: 'Hm.' }, { text: 'Hello' }, { text: ' you.' }]);
    const result = streamText({ model: gptlet(model), prompt: 'Hello', include: { rawChunks: true } });
    const parts = await partsOf(result.stream);
    expect(parts.map(({ type }) => type).filter((type) => type !== 'raw')).toEqual([
      'start',
      'start-step',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'finish-step',
      'finish',
    ]);
    expect(parts.flatMap((part) => (part.type === 'raw' ? [part.rawValue] : []))).toEqual([
      { reasoning: 'Hm.' },
      { text: 'Hello' },
      { text: ' you.' },
    ]);
    expect(await result.text).toBe('Hello you.');
    expect((await result.usage).outputTokenDetails.reasoningTokens).toBe(5);
    expect((await result.response).modelId).toBe('chat-model');
  });

  it('streams an object while it grows', async () => {
    const model = modelOf([{ text: '{"name":"A' }, { text: 'da"}' }]);
    const schema = z.object({ name: z.string() });
    const result = streamText({ model: gptlet(model), prompt: 'Who?', output: Output.object({ schema }) });
    const partial: unknown[] = [];
    for await (const each of result.partialOutputStream) partial.push(each);
    expect(partial).toEqual([{ name: 'A' }, { name: 'Ada' }]);
    expect(await result.output).toEqual({ name: 'Ada' });
  });

  it('runs two steps of a tool', async () => {
    const model = modelOf([callOf('a', 2, 3)], [{ text: 'Five.' }]);
    const agent = new ToolLoopAgent({ model: gptlet(model), tools: { add } });
    const result = await agent.stream({ prompt: '2 + 3?' });
    const parts = await partsOf(result.stream);
    expect(parts.find(({ type }) => type === 'tool-call')).toMatchObject({ toolName: 'add', input: { a: 2, b: 3 } });
    expect(parts.find(({ type }) => type === 'tool-result')).toMatchObject({ output: 5 });
    expect(await result.text).toBe('Five.');
    expect(await result.steps).toHaveLength(2);
  });

  it('ends with an abort, not an error', async () => {
    const stop = new AbortController();
    const model = modelOf([{ text: 'One' }, 'wait']);
    const errors: unknown[] = [];
    const result = streamText({
      model: gptlet(model),
      prompt: 'Count.',
      abortSignal: stop.signal,
      onError: ({ error }) => void errors.push(error),
    });
    const types: string[] = [];
    for await (const part of result.stream) {
      types.push(part.type);
      if (part.type === 'text-delta') stop.abort();
    }
    expect(types.at(-1)).toBe('abort');
    expect(errors).toEqual([]);
    expect(model.aborted).toBe(1);
  });

  it('tells an error in the stream', async () => {
    const error = new GptletError('CONTEXT_OVERFLOW', 'too long');
    const errors: unknown[] = [];
    const result = streamText({
      model: gptlet(modelOf([error])),
      prompt: 'x',
      onError: (event) => void errors.push(event.error),
    });
    expect((await partsOf(result.stream)).map(({ type }) => type)).toContain('error');
    expect(errors).toEqual([error]);
    expect(await result.finishReason.then(String, (reason) => NoOutputGeneratedError.isInstance(reason))).toBe('error');
  });
});
