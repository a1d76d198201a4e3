import { describe, expect, it, vi } from 'vitest';
import { chatModelFiles } from '../chat/testing/chat-model.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { createLanguageModel, type LanguageModelClass } from './create-language-model.ts';
import type { LanguageModelCreateOptions } from './dictionaries.ts';
import { installLanguageModel } from './install-language-model.ts';
import { echo, scriptedModel } from './testing/scripted-model.ts';

const { model } = await scriptedModel(echo);
const { LanguageModel } = createLanguageModel({ model });
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'fulfilled',
    (error) => error,
  );
const named = (name: string): unknown => expect.objectContaining({ name });

const progressOf = async (Own: LanguageModelClass): Promise<number[]> => {
  const told: number[] = [];
  await Own.create({
    monitor(monitor) {
      monitor.ondownloadprogress = ({ loaded, total, lengthComputable }) => {
        expect([total, lengthComputable]).toEqual([1, true]);
        told.push(loaded);
      };
    },
  });
  return told;
};

describe('create', () => {
  it('tells a download from 0 to 1, also where there is none', async () => {
    expect(await progressOf(LanguageModel)).toEqual([0, 1]);
  });

  it('tells how far a load is, in steps that rise', async () => {
    const { LanguageModel: Own } = createLanguageModel({
      model: async ({ onProgress }) => {
        for (const fraction of [0, 0.1, 1 / 3, 0.3, 0.9, 1]) {
          await new Promise((resolve) => setTimeout(resolve, 55));
          onProgress({ stage: 'download', fraction, loadedBytes: 0, totalBytes: 0 });
        }
        return model;
      },
    });
    const told = await progressOf(Own);
    expect(told).toEqual([0, ...[0.1, 1 / 3, 0.9].map((each) => Math.floor(each * 65_536) / 65_536), 1]);
  });

  it.each([0, 1])('is aborted from within the event of %d', async (at) => {
    const controller = new AbortController();
    const told: number[] = [];
    const created = LanguageModel.create({
      signal: controller.signal,
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) => {
          told.push((event as ProgressEvent).loaded);
          if (told.at(-1) === at) controller.abort('enough');
        }),
    });
    expect(await rejection(created)).toBe('enough');
    expect(told).toEqual(at === 0 ? [0] : [0, 1]);
  });

  it('rejects with what the monitor throws', async () => {
    const error = new Error('no');
    const monitor = (): void => {
      throw error;
    };
    expect(await rejection(LanguageModel.create({ monitor }))).toBe(error);
  });

  it('takes system messages only at the beginning', async () => {
    const system = { role: 'system', content: 'a' } as const;
    const user = { role: 'user', content: 'b' } as const;
    for (const initialPrompts of [
      [user, system],
      [system, system],
    ])
      expect(await rejection(LanguageModel.create({ initialPrompts }))).toEqual(expect.any(TypeError));
    expect((await LanguageModel.create({ initialPrompts: [] })).contextUsage).toBe(0);
  });

  const schema = { type: 'object', properties: {} };
  const tool = { name: 'a', description: 'b', inputSchema: schema, execute: async () => '' };
  const circle: Record<string, unknown> = { ...schema };
  circle['self'] = circle;
  it.each<[string, unknown[]]>([
    ['without a name', [{ ...tool, name: '' }]],
    ['without a description', [{ ...tool, description: '' }]],
    ['without execute', [{ ...tool, execute: undefined }]],
    ['without a schema', [{ ...tool, inputSchema: undefined }]],
    ['with a schema of a text', [{ ...tool, inputSchema: { type: 'string' } }]],
    ['with a circle', [{ ...tool, inputSchema: circle }]],
    ['with required that is no list', [{ ...tool, inputSchema: { ...schema, required: 'a' } }]],
    ['twice', [tool, tool]],
  ])('refuses a tool %s', async (_, tools) => {
    const options = { tools } as LanguageModelCreateOptions;
    expect(await rejection(LanguageModel.create(options))).toEqual(expect.any(TypeError));
  });

  it('maps what goes wrong with a load, and tries again', async () => {
    let loads = 0;
    const { LanguageModel: Own } = createLanguageModel({
      model: async () => {
        if (loads++ === 0) throw new GptletError('NETWORK', 'offline');
        return model;
      },
    });
    expect(await Own.availability()).toBe('downloadable');
    const failed = Own.create();
    await Promise.resolve();
    expect(await rejection(failed)).toMatchObject({ name: 'NetworkError', message: 'offline' });
    const [first, second] = await Promise.all([Own.create(), Own.create()]);
    expect([loads, first === second]).toEqual([2, false]);
    expect(await Own.availability()).toBe('available');
  });

  it('of a download wants a sign of the user first', async () => {
    const userActivation = { hasBeenActive: false };
    vi.stubGlobal('navigator', { userActivation });
    const { LanguageModel: Own } = createLanguageModel({ model: async () => model });
    expect(await rejection(Own.create())).toEqual(named('NotAllowedError'));
    userActivation.hasBeenActive = true;
    await Own.create();
    userActivation.hasBeenActive = false;
    await Own.create();
    vi.unstubAllGlobals();
  });

  it('cannot be done by new', () => {
    expect(() => new (LanguageModel as unknown as new () => unknown)()).toThrow(TypeError);
  });
});

describe('availability', () => {
  it.each<[LanguageModelCreateOptions | undefined, string]>([
    [undefined, 'available'],
    [{ expectedInputs: [{ type: 'text', languages: ['EN', 'en-gb'] }, { type: 'tool-response' }] }, 'available'],
    [{ expectedOutputs: [{ type: 'text', languages: ['ja'] }, { type: 'tool-call' }] }, 'available'],
    [{ expectedInputs: [{ type: 'image' }] }, 'unavailable'],
    [{ expectedOutputs: [{ type: 'audio' }] }, 'unavailable'],
    [{ expectedInputs: [{ type: 'text', languages: ['unk'] }] }, 'unavailable'],
  ])('%j is %s', async (options, expected) => {
    expect(await LanguageModel.availability(options)).toBe(expected);
    const created = await rejection(LanguageModel.create(options));
    expect(created).toEqual(expected === 'available' ? 'fulfilled' : named('NotSupportedError'));
  });

  it('knows the languages that it is told', async () => {
    const { LanguageModel: Own } = createLanguageModel({ model, languages: ['en', 'pt-BR'] });
    const of = (...languages: string[]) => Own.availability({ expectedOutputs: [{ type: 'text', languages }] });
    expect([await of('en-US', 'pt'), await of('en', 'de')]).toEqual(['available', 'unavailable']);
  });

  it('refuses what is no language tag and what is no kind of content', async () => {
    const expectedInputs = [{ type: 'text', languages: ['en-abc-invalid'] }] as const;
    expect(await rejection(LanguageModel.availability({ expectedInputs }))).toEqual(expect.any(RangeError));
    const soup = { expectedInputs: [{ type: 'soup' }] } as unknown as LanguageModelCreateOptions;
    expect(await rejection(LanguageModel.availability(soup))).toEqual(expect.any(TypeError));
  });

  it('follows a load', async () => {
    let loaded: (model: GptModel) => void = () => {};
    const { LanguageModel: Own } = createLanguageModel({ model: () => new Promise((resolve) => (loaded = resolve)) });
    expect(await Own.availability()).toBe('downloadable');
    const created = Own.create();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await Own.availability()).toBe('downloading');
    loaded(model);
    await created;
    expect(await Own.availability()).toBe('available');
  });

  it('looks at files before it loads them', async () => {
    const loadOptions = { worker: false, backend: 'wasm' } as const;
    const { LanguageModel: Own, dispose } = createLanguageModel({ model: chatModelFiles(), loadOptions });
    expect(await Own.availability()).toBe('available');
    const session = await Own.create();
    const options = { responseConstraint: /[a-c]{3}/ };
    expect(await session.prompt('Say something.', options)).toMatch(/^[a-c]{3}$/);
    await dispose();
    expect(await rejection(session.prompt('And now?'))).toEqual(named('InvalidStateError'));
  });
});

describe('installLanguageModel', () => {
  const page = globalThis as { LanguageModel?: unknown };

  it('puts the class where there is none, and takes it away', async () => {
    const uninstall = installLanguageModel({ model });
    const session = await (page.LanguageModel as LanguageModelClass).create();
    expect(await session.prompt('a')).toBe('You said: a');
    await uninstall();
    expect('LanguageModel' in globalThis).toBe(false);
  });

  it('leaves a browser’s own alone unless it is forced', async () => {
    const own = { own: true };
    page.LanguageModel = own;
    const uninstall = installLanguageModel({ model });
    expect(page.LanguageModel).toBe(own);
    await uninstall();
    const restore = installLanguageModel({ model, force: true });
    expect(page.LanguageModel).not.toBe(own);
    await restore();
    expect(page.LanguageModel).toBe(own);
    Reflect.deleteProperty(globalThis, 'LanguageModel');
  });

  it('says what is wrong with its options', () => {
    expect(() => installLanguageModel({ model, forced: true } as never)).toThrow(/There is no option 'forced'/);
    expect(() => installLanguageModel({ model, chatOptions: { maxTokens: 9 } as never })).toThrow(/'maxTokens'/);
    expect(() => installLanguageModel({ model, loadOptions: { dtype: 'q9' as never } })).toThrow(/dtype is 'q9'/);
    expect(() => installLanguageModel({} as never)).toThrow(/model is undefined/);
  });
});
