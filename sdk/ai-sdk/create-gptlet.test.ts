import { createProviderRegistry, NoSuchModelError } from 'ai';
import { describe, expect, it } from 'vitest';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatModel } from '../loaded-model/chat-options.ts';
import { createGptlet } from './create-gptlet.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const call = { prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }] };
const hello = (times = 9): ReturnType<typeof scriptedModel> => scriptedModel(Array(times).fill([{ text: 'Hello.' }]));

describe('a provider', () => {
  it('loads a model once, with the first call that needs it, for all of its kind', async () => {
    const asked: string[] = [];
    const gptlet = createGptlet({
      load: async (id) => {
        asked.push(id);
        return hello();
      },
    });
    const [a, b, other] = [gptlet('one/model'), gptlet.languageModel('one/model'), gptlet('another/model')];
    expect(asked).toEqual([]);
    await Promise.all([a.doGenerate(call), b.doGenerate(call), a.doStream(call)]);
    expect(asked).toEqual(['one/model']);
    await other.doGenerate(call);
    expect(asked).toEqual(['one/model', 'another/model']);
    expect(a).toMatchObject({ specificationVersion: 'v4', provider: 'gptlet', modelId: 'one/model' });
  });

  it('tries a load that failed again', async () => {
    let times = 0;
    const gptlet = createGptlet({
      load: async () => {
        if (times++ === 0) throw new GptletError('NETWORK', 'offline');
        return hello();
      },
    });
    await expect(gptlet('x/y').doGenerate(call)).rejects.toMatchObject({ code: 'NETWORK' });
    expect((await gptlet('x/y').doGenerate(call)).content).toEqual([{ type: 'text', text: 'Hello.' }]);
  });

  it.each(['WORKER_FAILED', 'DISPOSED'] as const)('loads a model again that ended with %s', async (code) => {
    const models = [scriptedModel([[new GptletError(code, 'gone')]]), hello(), hello()];
    const gptlet = createGptlet({ load: async () => models.shift() as ChatModel });
    await expect(gptlet('x/y').doGenerate(call)).rejects.toMatchObject({ code });
    await gptlet('x/y').doGenerate(call);
    expect(models).toHaveLength(1);
  });

  it('keeps a model whose answer failed otherwise', async () => {
    const model = scriptedModel([[new GptletError('CONTEXT_OVERFLOW', 'too long')], [{ text: 'Hello.' }]]);
    const gptlet = createGptlet({ load: async () => model });
    await expect(gptlet('x/y').doGenerate(call)).rejects.toMatchObject({ code: 'CONTEXT_OVERFLOW' });
    await gptlet('x/y').doGenerate(call);
    expect(model.asked).toHaveLength(2);
  });

  it('frees what it loaded, not what it was given', async () => {
    const freed: string[] = [];
    const disposable = (name: string): ChatModel =>
      Object.assign(hello(), { dispose: async () => void freed.push(name) });
    const gptlet = createGptlet({ load: async (id) => disposable(id) });
    const own = disposable('own');
    await Promise.all([gptlet('x/y').doGenerate(call), gptlet(own).doGenerate(call)]);
    await gptlet.dispose();
    await gptlet.dispose();
    expect(freed).toEqual(['x/y']);
  });

  const gptletOf = (more: object): { modelId: string } => createGptlet()(Object.assign(hello(), more));

  it('knows a model that is loaded by its architecture', () => {
    expect(gptletOf({ config: { architecture: 'qwen3' } }).modelId).toBe('qwen3');
    expect(gptletOf({}).modelId).toBe('chat-model');
  });

  it('has no images, and says so as the AI SDK does', () => {
    const ask = (): unknown => createGptlet().imageModel('x/y');
    expect(ask).toThrow("there is no image model 'x/y'");
    try {
      ask();
    } catch (error) {
      expect(NoSuchModelError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ modelId: 'x/y', modelType: 'imageModel' });
    }
  });

  it('is one of a registry', async () => {
    const registry = createProviderRegistry({ here: createGptlet({ load: async () => hello() }) });
    const model = registry.languageModel('here:x/y');
    expect(model.modelId).toBe('x/y');
    expect((await model.doGenerate(call)).content).toEqual([{ type: 'text', text: 'Hello.' }]);
  });

  it.each([
    [() => createGptlet({ loads: 1 } as never), /There is no option 'loads'; did you mean 'load'\?/],
    [() => createGptlet({ backend: 'gpu' as never }), /backend is 'gpu'/],
    [
      () => createGptlet()(5 as never),
      /model is 5; it must be a hub id, the address of a folder or a model that chats/,
    ],
    [() => createGptlet().embeddingModel(undefined as never), /model is undefined/],
  ])('says what is wrong with what it was given: %o', (ask, message) => {
    expect(ask).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }));
  });
});
