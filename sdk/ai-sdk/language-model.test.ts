import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatPart } from '../loaded-model/chatting.ts';
import { languageModel } from './language-model.ts';
import { givenModel, SharedModels } from './shared-model.ts';
import { type Script, scriptedModel } from './testing/scripted-model.ts';

const prompt: LanguageModelV4CallOptions['prompt'] = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const toolCall = { id: 'a', name: 'add', arguments: { x: [1, 2] } };
const everything: ChatPart[] = [
  { reasoning: 'Let me ' },
  { reasoning: 'see.' },
  { text: 'I ' },
  { text: 'add.' },
  { toolCall },
];

const usage = { promptTokens: 10, cachedTokens: 4, generatedTokens: 7, reasoningTokens: 5, forcedTokens: 1 };
const timings = { prefillMs: 2, decodeMs: 3, tokensPerSecond: 4 };
const end = {
  finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
  usage: {
    inputTokens: { total: 10, noCache: 6, cacheRead: 4, cacheWrite: undefined },
    outputTokens: { total: 7, text: 2, reasoning: 5 },
    raw: usage,
  },
  providerMetadata: { gptlet: { timings } },
};

const modelOf = (...scripts: Script[]): ReturnType<typeof scriptedModel> => scriptedModel(scripts, { usage, timings });

async function partsOf(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** Of a call that streams. */
const streamed = async (
  model: ReturnType<typeof scriptedModel>,
  options: Partial<LanguageModelV4CallOptions> = {},
): Promise<LanguageModelV4StreamPart[]> =>
  partsOf((await languageModel(givenModel(model)).doStream({ prompt, ...options })).stream);

describe('a language model', () => {
  it('answers with reasoning, text and calls, what they took, and what it is', async () => {
    const model = modelOf(everything);
    const before = Date.now();
    const result = await languageModel(givenModel(model)).doGenerate({ prompt, seed: 3 });
    expect(result).toEqual({
      content: [
        { type: 'reasoning', text: 'Let me see.' },
        { type: 'text', text: 'I add.' },
        { type: 'tool-call', toolCallId: 'a', toolName: 'add', input: '{"x":[1,2]}' },
      ],
      ...end,
      response: { modelId: 'chat-model', timestamp: expect.any(Date) },
      warnings: [],
    });
    expect(result.response?.timestamp?.getTime()).toBeGreaterThanOrEqual(before);
    expect(model.asked).toEqual([
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }], options: { seed: 3 } },
    ]);
  });

  it('has no content where nothing was said', async () => {
    const { content } = await languageModel(givenModel(modelOf([]))).doGenerate({ prompt });
    expect(content).toEqual([]);
  });

  it('streams the same in blocks that open and close', async () => {
    expect(await streamed(modelOf(everything))).toEqual([
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', modelId: 'chat-model', timestamp: expect.any(Date) },
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Let me ' },
      { type: 'reasoning-delta', id: '0', delta: 'see.' },
      { type: 'reasoning-end', id: '0' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'I ' },
      { type: 'text-delta', id: '1', delta: 'add.' },
      { type: 'text-end', id: '1' },
      { type: 'tool-input-start', id: 'a', toolName: 'add' },
      { type: 'tool-input-delta', id: 'a', delta: '{"x":[1,2]}' },
      { type: 'tool-input-end', id: 'a' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'add', input: '{"x":[1,2]}' },
      { type: 'finish', ...end },
    ]);
  });

  it('closes the last block, and hands out raw parts only to whoever asks', async () => {
    const raw = await streamed(modelOf([{ text: 'Hi' }]), { includeRawChunks: true });
    expect(raw.map(({ type }) => type)).toEqual([
      'stream-start',
      'response-metadata',
      'raw',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
    expect(raw[2]).toEqual({ type: 'raw', rawValue: { text: 'Hi' } });
  });

  it('warns in both ways of calling', async () => {
    const tools = [{ type: 'provider', id: 'other.search', name: 'search', args: {} } as const];
    const model = modelOf([{ text: 'Hi' }], [{ text: 'Hi' }]);
    const { warnings } = await languageModel(givenModel(model)).doGenerate({ prompt, tools });
    expect(warnings).toHaveLength(1);
    expect((await streamed(model, { tools }))[0]).toEqual({ type: 'stream-start', warnings });
  });

  it('tells log-probabilities where they were asked for', async () => {
    const logprobs = [{ tokenId: 5, text: 'Hi', logprob: -1, top: [] }];
    const model = scriptedModel([[{ text: 'Hi' }]], { usage, timings, logprobs });
    const { providerMetadata } = await languageModel(givenModel(model)).doGenerate({ prompt });
    expect(providerMetadata).toEqual({ gptlet: { timings, logprobs } });
  });

  it.each(['stop', 'length'] as const)('finishes for the reason %s', async (finishReason) => {
    const model = scriptedModel([[{ text: 'Hi' }]], { finishReason });
    const result = await languageModel(givenModel(model)).doGenerate({ prompt });
    expect(result.finishReason).toEqual({ unified: finishReason, raw: finishReason });
  });
});

describe('an answer that fails', () => {
  const error = new GptletError('CONTEXT_OVERFLOW', 'too long');

  it('rejects', async () => {
    await expect(languageModel(givenModel(modelOf([error]))).doGenerate({ prompt })).rejects.toBe(error);
  });

  it('ends its stream with the error and that reason', async () => {
    const parts = await streamed(modelOf([{ text: 'Hi' }, error]));
    expect(parts.slice(-3)).toEqual([
      { type: 'text-end', id: '0' },
      { type: 'error', error },
      {
        type: 'finish',
        finishReason: { unified: 'error', raw: 'CONTEXT_OVERFLOW' },
        usage: {
          inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: undefined, text: undefined, reasoning: undefined },
        },
      },
    ]);
  });
});

describe('an abort', () => {
  const reason = new DOMException('enough', 'AbortError');

  it('rejects with its reason, before, while loading and while answering', async () => {
    const stop = new AbortController();
    const model = modelOf([{ text: 'Hi' }, 'wait']);
    const answer = languageModel(givenModel(model)).doGenerate({ prompt, abortSignal: stop.signal });
    setTimeout(() => stop.abort(reason), 20);
    await expect(answer).rejects.toBe(reason);
    expect(model.aborted).toBe(1);

    const never = new SharedModels(() => new Promise(() => {})).byId('slow');
    const late = new AbortController();
    setTimeout(() => late.abort(reason), 5);
    await expect(languageModel(never).doStream({ prompt, abortSignal: late.signal })).rejects.toBe(reason);
    await expect(languageModel(never).doGenerate({ prompt, abortSignal: stop.signal })).rejects.toBe(reason);
  });

  it('breaks off a stream with its reason, after what was said', async () => {
    const stop = new AbortController();
    const model = modelOf([{ text: 'Hi' }, 'wait', { text: ' there' }]);
    const { stream } = await languageModel(givenModel(model)).doStream({ prompt, abortSignal: stop.signal });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const part of stream) {
        seen.push(part.type);
        if (part.type === 'text-delta') stop.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(seen.at(-1)).toBe('text-end');
  });

  it('is what cancelling a stream does, at once', async () => {
    const model = modelOf(['wait']);
    const { stream } = await languageModel(givenModel(model)).doStream({ prompt });
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    const third = reader.read(); // Now it waits for the first token.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await reader.cancel();
    expect(model.aborted).toBe(1);
    expect(await third).toEqual({ done: true, value: undefined });
  });
});
