import { describe, expect, it, vi } from 'vitest';
import { createLanguageModel, type LanguageModelSettings } from './create-language-model.ts';
import type { LanguageModelCreateOptions, LanguageModelPrompt } from './dictionaries.ts';
import { type Asked, echo, never, type Script, scriptedModel } from './testing/scripted-model.ts';

async function session(
  script: Script = echo,
  options: LanguageModelCreateOptions = {},
  { chatOptions, ...model }: Parameters<typeof scriptedModel>[1] & Pick<LanguageModelSettings, 'chatOptions'> = {},
) {
  const scripted = await scriptedModel(script, model);
  const { LanguageModel } = createLanguageModel({ model: scripted.model, chatOptions });
  return { ...scripted, LanguageModel, session: await LanguageModel.create(options) };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'fulfilled',
    (error) => error,
  );
const named = (name: string): unknown => expect.objectContaining({ name });
const texts = ({ messages }: Asked): string[] => messages.map(({ role, content }) => `${role}: ${content}`);

describe('prompt', () => {
  it('answers, and keeps what was said', async () => {
    const { session: model, asked } = await session();
    expect(await model.prompt('One')).toBe('You said: One');
    expect(
      await model.prompt([
        {
          role: 'user',
          content: [
            { type: 'text', value: 'T' },
            { type: 'text', value: 'wo' },
          ],
        },
      ]),
    ).toBe('You said: Two');
    expect(texts(asked[1])).toEqual(['user: One', 'assistant: You said: One', 'user: Two']);
  });

  it('begins with the initial prompts', async () => {
    const initialPrompts = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ] as const;
    const { session: model, asked } = await session(echo, { initialPrompts });
    expect(model.contextUsage).toBe(await model.measureContextUsage(initialPrompts));
    await model.prompt('c');
    expect(texts(asked[0])).toEqual(['system: Be brief.', 'user: a', 'assistant: b', 'user: c']);
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, '[object Object]'],
    [[], ''],
    [[{ role: 'user', content: [] }], ''],
    [[{ role: 'user', content: 7 }], '7'],
  ])('takes %j as Web IDL does', async (input, said) => {
    const { session: model } = await session();
    expect(await model.prompt(input as unknown as LanguageModelPrompt)).toBe(`You said: ${said}`);
  });

  it('answers one after the other', async () => {
    const running: string[] = [];
    const { session: model } = await session(async (asked) => {
      running.push('begins');
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.push('ends');
      return echo(asked, new AbortController().signal);
    });
    await Promise.all([model.prompt('a'), model.append('b'), model.prompt('c')]);
    expect(running).toEqual(['begins', 'ends', 'begins', 'ends']);
  });

  it('goes on with a prefix, and returns what comes after it', async () => {
    const { session: model, asked } = await session(() => [' is blue.']);
    const prefixed = [
      { role: 'user', content: 'The sky?' },
      { role: 'assistant', content: 'It', prefix: true },
    ] as const;
    expect(await model.prompt(prefixed)).toBe(' is blue.');
    expect(asked[0].options.continueMessage).toBe(true);
    await model.prompt('More.');
    expect(texts(asked[1])).toEqual(['user: The sky?', 'assistant: It is blue.', 'user: More.']);
  });

  it('has the answer follow a schema or an expression, and tells the model of it', async () => {
    const { session: model, asked } = await session(() => ['{}']);
    const schema = { type: 'object' };
    await model.prompt('a', { responseConstraint: schema });
    await model.prompt('b', { responseConstraint: /x\d+/u, omitResponseConstraintInput: true });
    const prefixed = [{ role: 'assistant', content: '{"', prefix: true }] as const;
    await model.prompt(prefixed, { responseConstraint: schema, omitResponseConstraintInput: true });
    expect(asked.map(({ options }) => options.constraint)).toEqual([
      { jsonSchema: schema },
      { regex: 'x\\d+' },
      { jsonSchema: schema, after: '{"' },
    ]);
    expect(texts(asked[0])[0]).toContain('{"type":"object"}');
    expect(texts(asked[1])[2]).toBe('user: b');
    expect(await model.measureContextUsage('a', { responseConstraint: schema })).toBeGreaterThan(
      await model.measureContextUsage('a'),
    );
  });

  it('calls tools by their names and hands over what they give', async () => {
    const calls: unknown[] = [];
    const { session: model } = await session(
      async ({ options }) => [String(await options.tools?.add.execute?.({ a: 1, b: 2 }, {} as never))],
      {
        tools: [
          {
            name: 'add',
            description: 'Adds.',
            inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
            async execute(args: { a: number; b: number }) {
              calls.push(this, args);
              return `${args.a + args.b}`;
            },
          },
        ],
      },
    );
    expect(await model.prompt('1 + 2?')).toBe('3');
    expect(calls).toEqual([expect.objectContaining({ name: 'add' }), { a: 1, b: 2 }]);
  });

  it('samples as the mode and the settings say', async () => {
    const chatOptions = { temperature: 0.8, seed: 3, maxNewTokens: 9 };
    const cold = await session(echo, { samplingMode: 'most-predictable' }, { chatOptions });
    await cold.session.prompt('a');
    expect(cold.asked[0].options).toMatchObject({ temperature: 0, seed: 3, maxNewTokens: 9 });
    const usual = await session(echo, {}, { chatOptions });
    await usual.session.prompt('a');
    expect(usual.asked[0].options.temperature).toBe(0.8);
    expect([cold.session.samplingMode, usual.session.samplingMode]).toEqual(['most-predictable', 'balanced']);
    const warm = await session(echo, { samplingMode: 'creative' });
    await warm.session.prompt('a');
    expect(warm.asked[0].options.temperature).toBeGreaterThan(1);
  });
});

describe('what is refused', () => {
  it.each<[string, unknown, unknown]>([
    ['a role that there is not', [{ role: 'robot', content: '' }], expect.any(TypeError)],
    ['a message without content', [{ role: 'user' }], expect.any(TypeError)],
    ['a message that is a text', ['hello'], expect.any(TypeError)],
    [
      'a kind of content that there is not',
      [{ role: 'user', content: [{ type: 'soup', value: '' }] }],
      expect.any(TypeError),
    ],
    [
      'a text that is none',
      [{ role: 'user', content: [{ type: 'text', value: new Uint8Array(1) }] }],
      expect.any(TypeError),
    ],
    ['a picture', [{ role: 'user', content: [{ type: 'image', value: new Blob() }] }], named('NotSupportedError')],
    [
      'sound of the assistant',
      [{ role: 'assistant', content: [{ type: 'audio', value: '' }] }],
      named('NotSupportedError'),
    ],
    ['a prefix of the user', [{ role: 'user', content: 'a', prefix: true }], named('SyntaxError')],
    [
      'a prefix in the middle',
      [
        { role: 'assistant', content: 'a', prefix: true },
        { role: 'user', content: 'b' },
      ],
      named('SyntaxError'),
    ],
    [
      'a system message after another',
      [
        { role: 'user', content: 'a' },
        { role: 'system', content: 'b' },
      ],
      expect.any(TypeError),
    ],
  ])('%s', async (_, input, error) => {
    const { session: model } = await session();
    expect(await rejection(model.prompt(input as LanguageModelPrompt))).toEqual(error);
    expect(await rejection(model.append(input as LanguageModelPrompt))).toEqual(error);
    expect(
      await rejection(
        model
          .promptStreaming(input as LanguageModelPrompt)
          .getReader()
          .read(),
      ),
    ).toEqual(error);
    expect(await model.prompt('Still there?')).toBe('You said: Still there?');
  });

  it('a system message once something was said', async () => {
    const { session: model, asked } = await session();
    const system = [{ role: 'system', content: 'Be brief.' }] as const;
    await model.append(system);
    expect(await rejection(model.append(system))).toEqual(expect.any(TypeError));
    await model.prompt('a');
    expect(texts(asked[0])).toEqual(['system: Be brief.', 'user: a']);
  });

  it.each<[string, object, unknown]>([
    ['a constraint that is a text', { responseConstraint: 'x' }, expect.any(TypeError)],
    ['an omission of nothing', { omitResponseConstraintInput: true }, expect.any(TypeError)],
    ['an expression with a flag', { responseConstraint: /a/i }, named('NotSupportedError')],
    ['a signal that is none', { signal: {} }, expect.any(TypeError)],
  ])('%s', async (_, options, error) => {
    const { session: model } = await session();
    expect(await rejection(model.prompt('a', options))).toEqual(error);
  });

  it('a schema with a circle', async () => {
    const { session: model } = await session();
    const schema: Record<string, unknown> = {};
    schema.self = schema;
    expect(await rejection(model.prompt('a', { responseConstraint: schema }))).toEqual(named('NotSupportedError'));
  });

  it('an answer that ends before it has its form', async () => {
    const { session: model } = await session(() => ['{"a'], {}, { finishReason: 'length' });
    const refused = await rejection(model.prompt('a', { responseConstraint: { type: 'object' } }));
    expect(refused).toEqual(named('SyntaxError'));
    expect(await rejection(model.prompt('a', { responseConstraint: /^.{9}$/ }))).toEqual(named('SyntaxError'));
    expect(model.contextUsage).toBe(0);
    // A limit may come where the form is whole.
    expect(await model.prompt('a', { responseConstraint: /^\{.*$/g })).toBe('{"a');
  });
});

describe('promptStreaming', () => {
  it('gives the answer in pieces', async () => {
    const { session: model } = await session();
    const pieces: string[] = [];
    for await (const piece of model.promptStreaming('One')) pieces.push(piece);
    expect(pieces).toEqual(['You said: ', 'One']);
    expect(model.contextUsage).toBeGreaterThan(0);
  });

  it('stops when it is cancelled, and the session goes on without it', async () => {
    let ended = false;
    const { session: model } = await session(async (asked, signal) => {
      if (asked.messages.length > 1 || asked.messages[0].content !== 'stop me') return echo(asked, signal);
      const pieces = await never(asked, signal);
      ended = true;
      return pieces;
    });
    const reader = model.promptStreaming('stop me').getReader();
    await reader.cancel();
    expect(await model.prompt('next')).toBe('You said: next');
    expect(ended).toBe(false); // it had not begun
    const running = model.promptStreaming('stop me').getReader();
    await running.cancel();
    expect(await model.prompt('next')).toBe('You said: next');
  });
});

describe('an abort', () => {
  it('rejects with its reason at once and leaves nothing behind', async () => {
    const { session: model, asked } = await session((each, signal) =>
      each.messages.some(({ content }) => content === 'wait') ? never(each, signal) : echo(each, signal),
    );
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error('enough');
    const prompt = rejection(model.prompt('wait', { signal }));
    const queued = rejection(model.append('wait too', { signal }));
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const stream = rejection(model.promptStreaming('wait', { signal }).getReader().read());
    controller.abort(reason);
    expect(await Promise.all([prompt, queued, stream])).toEqual([reason, reason, reason]);
    expect(await rejection(model.prompt('late', { signal }))).toBe(reason);
    expect(await rejection(model.clone({ signal }))).toBe(reason);
    expect(await rejection(model.measureContextUsage('late', { signal }))).toBe(reason);
    expect(() => model.promptStreaming('late', { signal })).toThrow(reason);
    expect(await model.prompt('again')).toBe('You said: again');
    expect(texts(asked[asked.length - 1])).toEqual(['user: again']);
  });

  it('by destroy() ends everything', async () => {
    const { session: model } = await session(never);
    const prompt = rejection(model.prompt('a'));
    const stream = rejection(model.promptStreaming('b').getReader().read());
    model.destroy();
    expect(await Promise.all([prompt, stream])).toEqual([named('InvalidStateError'), named('InvalidStateError')]);
    expect(await rejection(model.prompt('c'))).toEqual(named('InvalidStateError'));
    expect(await rejection(model.append('c'))).toEqual(named('InvalidStateError'));
    expect(await rejection(model.clone())).toEqual(named('InvalidStateError'));
    expect(() => model.promptStreaming('c')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
    expect(model.contextUsage).toBe(0);
  });

  it('of the signal of create() destroys the session', async () => {
    const controller = new AbortController();
    const { session: model } = await session(never, { signal: controller.signal });
    const prompt = rejection(model.prompt('a'));
    controller.abort('reason');
    expect(await prompt).toBe('reason');
    expect(await rejection(model.prompt('b'))).toBe('reason');
  });
});

describe('a full context', () => {
  const system = [{ role: 'system', content: 'Be brief.' }] as const;

  it('drops the oldest prompts with their answers, tells, and keeps the initial ones', async () => {
    const { session: model, asked } = await session(echo, { initialPrompts: system }, { contextLength: 300 });
    const events: string[] = [];
    model.oncontextoverflow = () => events.push('handler');
    model.addEventListener('contextoverflow', () => events.push('listener'));
    model.onquotaoverflow = () => events.push('older name');
    await model.prompt(`first ${'x'.repeat(100)}`);
    expect(events).toEqual([]);
    await model.prompt(`second ${'x'.repeat(100)}`);
    expect(events).toEqual(['handler', 'listener', 'older name']);
    expect(texts(asked[1]).map((text) => text.slice(0, 12))).toEqual(['system: Be b', 'user: second']);
    expect(model.contextUsage).toBeLessThanOrEqual(model.contextWindow);
  });

  it('refuses what would not fit alone, and drops nothing then', async () => {
    const { session: model, asked } = await session(echo, { initialPrompts: system }, { contextLength: 200 });
    await model.prompt('first');
    const usage = model.contextUsage;
    const long = 'x'.repeat(300);
    const requested = await model.measureContextUsage([...system, { role: 'user', content: long }]);
    const error = { name: 'QuotaExceededError', quota: 200, requested };
    expect(await rejection(model.prompt(long))).toMatchObject(error);
    expect(await rejection(model.append(long))).toMatchObject(error);
    expect(model.contextUsage).toBe(usage);
    await model.prompt('b');
    expect(texts(asked[1])).toHaveLength(4);
  });

  it('is too short for long initial prompts', async () => {
    const { LanguageModel } = await session(echo, {}, { contextLength: 100 });
    const initialPrompts = [{ role: 'system', content: 'x'.repeat(200) }] as const;
    expect(await rejection(LanguageModel.create({ initialPrompts }))).toMatchObject({
      name: 'QuotaExceededError',
      quota: 100,
      requested: expect.any(Number),
    });
  });

  it('is measured: usage is what was said, as it was measured before', async () => {
    const { session: model } = await session();
    const cost = await model.measureContextUsage('One');
    await model.append('One');
    expect(model.contextUsage).toBe(cost);
    expect([model.inputUsage, model.inputQuota]).toEqual([model.contextUsage, model.contextWindow]);
    expect(await model.measureInputUsage('One')).toBe(cost);
  });
});

describe('clone', () => {
  it('goes on from what was said, apart from the original', async () => {
    const { session: model, LanguageModel, asked } = await session();
    await model.prompt('a');
    const copy = await model.clone();
    expect(copy).toBeInstanceOf(LanguageModel);
    expect(copy.contextUsage).toBe(model.contextUsage);
    await copy.prompt('b');
    await model.prompt('c');
    expect(texts(asked[1])).toEqual(['user: a', 'assistant: You said: a', 'user: b']);
    expect(texts(asked[2])).toEqual(['user: a', 'assistant: You said: a', 'user: c']);
    copy.destroy();
    expect(await model.prompt('d')).toBe('You said: d');
  });
});
