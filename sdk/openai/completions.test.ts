import { describe, expect, it } from 'vitest';
import { createOpenAIHandler } from './create-openai-handler.ts';
import { eventsOf, post } from './testing/requests.ts';
import { type ScriptedTextModel, scriptedModel, scriptedTextModel } from './testing/scripted-model.ts';

async function complete(body: object, model: ScriptedTextModel = scriptedTextModel()): Promise<unknown> {
  const response = await createOpenAIHandler({ models: { m: model } })(post('completions', { model: 'm', ...body }));
  expect(response.status, response.ok ? '' : await response.clone().text()).toBe(200);
  return response.json();
}

async function stream(body: object): Promise<{ choices: { text: string; index: number }[] }[]> {
  const handler = createOpenAIHandler({ models: { m: scriptedTextModel() } });
  const response = await handler(post('completions', { model: 'm', stream: true, ...body }));
  const { events, done } = await eventsOf(response);
  expect(done).toBe(true);
  return events as never;
}

describe('completions', () => {
  it("have OpenAI's form", async () => {
    expect(await complete({ prompt: 'Once' })).toEqual({
      id: expect.stringMatching(/^cmpl-/) as string,
      object: 'text_completion',
      created: expect.closeTo(Date.now() / 1000, -1) as number,
      model: 'm',
      choices: [{ index: 0, text: ' there was a', logprobs: null, finish_reason: 'length' }],
      usage: {
        prompt_tokens: 4,
        completion_tokens: 3,
        total_tokens: 7,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  });

  it.each<[unknown, unknown[]]>([
    ['Once', ['Once']],
    [
      ['Once', 'Twice'],
      ['Once', 'Twice'],
    ],
    [[1, 2], [[1, 2]]],
    [
      [[1, 2], [3]],
      [[1, 2], [3]],
    ],
    [null, ['']],
    [undefined, ['']],
  ])('of the prompt %j', async (prompt, prompts) => {
    const model = scriptedTextModel();
    await complete({ prompt }, model);
    expect(model.generated.map((each) => each.prompt)).toEqual(prompts);
  });

  it('are n to each prompt, in order', async () => {
    const model = scriptedTextModel();
    const { choices, usage } = (await complete({ prompt: ['a', 'bc'], n: 2, seed: 5 }, model)) as {
      choices: { index: number }[];
      usage: object;
    };
    expect(model.generated.map(({ prompt, options }) => [prompt, options.seed])).toEqual([
      ['a', 5],
      ['a', 6],
      ['bc', 5],
      ['bc', 6],
    ]);
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 12 });
  });

  it('are 16 tokens long unless told otherwise', async () => {
    const model = scriptedTextModel();
    await complete({ prompt: 'a' }, model);
    await complete({ prompt: 'a', max_tokens: 2, temperature: 0, stop: '.', best_of: 1, suffix: '' }, model);
    expect(model.generated.map(({ options }) => options.maxNewTokens)).toEqual([16, 2]);
    expect(model.generated[1].options).toMatchObject({ temperature: 0, stop: ['.'] });
  });

  it('echo their prompts', async () => {
    const texts = async (body: object): Promise<string[]> =>
      ((await complete({ echo: true, ...body })) as { choices: { text: string }[] }).choices.map(({ text }) => text);
    expect(await texts({ prompt: ['Once', 'Twice'] })).toEqual(['Once there was a', 'Twice there was a']);
    expect(await texts({ prompt: [5, 6], max_tokens: 1 })).toEqual(['#5 #6 there']);
    expect(await texts({ prompt: 'Once', max_tokens: 0 })).toEqual(['Once']);
  });

  it('tell log-probabilities', async () => {
    expect(await complete({ prompt: 'Once', logprobs: 1, max_tokens: 2 })).toMatchObject({
      choices: [
        {
          logprobs: {
            tokens: [' there', ' was'],
            token_logprobs: [-0.5, -1.5],
            top_logprobs: [
              { ' the': -0.25, ' there': -0.5 },
              { ' the': -0.25, ' was': -1.5 },
            ],
            text_offset: [0, 6],
          },
        },
      ],
    });
  });

  it('tell log-probabilities of their prompts, the first of which has none', async () => {
    expect(await complete({ prompt: 'Once upon a', echo: true, logprobs: 0, max_tokens: 1 })).toMatchObject({
      choices: [
        {
          text: 'Once upon a there',
          logprobs: {
            tokens: ['Once', ' upon', ' a', ' there'],
            token_logprobs: [null, -1, -2, -0.5],
            top_logprobs: [null, { ' upon': -1 }, { ' a': -2 }, { ' there': -0.5 }],
            text_offset: [0, 4, 9, 11],
          },
        },
      ],
    });
  });

  it('stream', async () => {
    const events = await stream({ prompt: ['Once', 'Twice'], echo: true, stream_options: { include_usage: true } });
    const texts = [0, 1].map((index) =>
      events
        .flatMap(({ choices }) => choices)
        .filter((choice) => choice.index === index)
        .map(({ text }) => text),
    );
    expect(texts).toEqual([
      ['Once', ' there', ' was', ' a', ''],
      ['Twice', ' there', ' was', ' a', ''],
    ]);
    expect(events.at(-1)).toMatchObject({ object: 'text_completion', choices: [], usage: { completion_tokens: 6 } });
    expect(events.at(-2)).toMatchObject({ choices: [{ index: 1, finish_reason: 'length' }], usage: null });
  });

  it('stream log-probabilities with offsets that go on', async () => {
    const events = await stream({ prompt: 'Once upon', echo: true, logprobs: 0, max_tokens: 2 });
    expect(events.slice(0, 3)).toMatchObject([
      { choices: [{ text: 'Once upon', logprobs: { text_offset: [0, 4], token_logprobs: [null, -1] } }] },
      { choices: [{ text: ' there', logprobs: { text_offset: [9], tokens: [' there'] } }] },
      { choices: [{ text: ' was', logprobs: { text_offset: [15] } }] },
    ]);
  });

  it('are nothing that a model does that only chats', async () => {
    const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({})) } });
    const response = await handler(post('completions', { model: 'm', prompt: 'a' }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'model', code: 'model_not_supported' } });
  });
});

describe('embeddings', () => {
  const embed = async (body: object): Promise<unknown> =>
    (
      await createOpenAIHandler({ models: { m: scriptedTextModel() } })(post('embeddings', { model: 'm', ...body }))
    ).json();

  it('are numbers', async () => {
    expect(await embed({ input: ['a', 'bcd e'] })).toEqual({
      object: 'list',
      model: 'm',
      data: [
        { object: 'embedding', index: 0, embedding: [1, 0.5, -0.25] },
        { object: 'embedding', index: 1, embedding: [5, 0.5, -0.25] },
      ],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  it('are the base64 of their bytes where that is asked for', async () => {
    const { data } = (await embed({ input: 'a', encoding_format: 'base64' })) as { data: { embedding: string }[] };
    const bytes = Uint8Array.from(atob(data[0].embedding), (letter) => letter.charCodeAt(0));
    expect([...new Float32Array(bytes.buffer)]).toEqual([1, 0.5, -0.25]);
  });
});
