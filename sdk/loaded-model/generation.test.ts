import { describe, expect, it } from 'vitest';
import { createGeneration, type GenerationPart, type GenerationResult, type RunGeneration } from './generation.ts';

const finished = (text: string, finishReason: GenerationResult['finishReason'] = 'length'): GenerationResult => ({
  text,
  tokenIds: [],
  finishReason,
  usage: { promptTokens: 1, cachedTokens: 0, generatedTokens: 0 },
  timings: { prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 },
});

/** Gives one part per word, a turn of the event loop each, until aborted. */
function wordByWord(words: string[], log: string[] = []): RunGeneration {
  return async (onPart, signal) => {
    log.push('start');
    let text = '';
    for (const word of words) {
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return finished(text, 'aborted');
      text += word;
      onPart({ text: word, tokenIds: [] });
    }
    return finished(text);
  };
}

async function collect(parts: AsyncIterable<GenerationPart>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of parts) texts.push(text);
  return texts;
}

describe('a generation', () => {
  it('does not start before somebody awaits or iterates it', async () => {
    const log: string[] = [];
    const generation = createGeneration(() => ({ run: wordByWord(['a'], log) }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log).toEqual([]);
    await generation;
    expect(log).toEqual(['start']);
  });

  it('runs once for awaiting, iterating twice and the text stream', async () => {
    const log: string[] = [];
    const generation = createGeneration(() => ({ run: wordByWord(['a', 'b', 'c'], log) }));
    const [first, second, result] = await Promise.all([collect(generation), collect(generation), generation]);
    expect([first, second, result.text]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], 'abc']);
    const reader = generation.textStream().getReader();
    expect((await reader.read()).value).toBe('a');
    expect(log).toEqual(['start']);
  });

  it('ends the iteration and resolves with what there is when the signal fires', async () => {
    const controller = new AbortController();
    const generation = createGeneration(() => ({ run: wordByWord(['a', 'b', 'c', 'd']), signal: controller.signal }));
    const seen: string[] = [];
    for await (const { text } of generation) {
      seen.push(text);
      if (seen.length === 2) controller.abort();
    }
    expect(seen).toEqual(['a', 'b']);
    expect(await generation).toMatchObject({ text: 'ab', finishReason: 'aborted' });
  });

  it('stops when the reader leaves the loop', async () => {
    const generation = createGeneration(() => ({ run: wordByWord(['a', 'b', 'c', 'd']) }));
    for await (const _ of generation) break;
    expect((await generation).finishReason).toBe('aborted');
  });

  it('stops when the text stream is cancelled', async () => {
    const generation = createGeneration(() => ({ run: wordByWord(['a', 'b', 'c', 'd']) }));
    const reader = generation.textStream().getReader();
    await reader.read();
    await reader.cancel();
    expect((await generation).finishReason).toBe('aborted');
  });

  it('gives the error of the run, or of what prepares it, to those who await and to those who iterate', async () => {
    const no = () => {
      throw new RangeError('no');
    };
    for (const generation of [createGeneration(() => ({ run: async () => no() })), createGeneration(no)]) {
      await expect(collect(generation)).rejects.toThrow('no');
      await expect(generation).rejects.toThrow('no');
    }
  });
});
