// What a page loads, and when: the code of a constraint or of a torch file comes with the first one, from the page for its worker.
import type { Page } from '@playwright/test';
import { expect, test } from '../shared-page.ts';

const blank = '/e2e/page/blank.html';
const torch = '/sdk/checkpoint/testing/pytorch';

test('generating loads the worker and the page’s own modules once, and nothing that it does not use', async ({
  page,
}) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.endsWith('.js')) scripts.push(path.replace(/-[\w-]{8}\.js$/, '.js').replace('/dist/', ''));
  });
  await page.goto(blank);
  const text = await page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    return (await generate('Once upon a time', { backend: 'wasm', maxNewTokens: 2, temperature: 0 })).text;
  });
  expect(text).not.toBe('');
  const workers = () => scripts.filter((name) => name.startsWith('worker'));
  expect(workers()).toEqual(['worker-embedded-wasm.js']);
  expect(
    scripts.filter((name) =>
      /load-(here|every-model)|wasm-tokenizer|constraint-(service|worker)|serve-constraints|pytorch-file|kernels-(f32|q4)|quantising|every-kind-wasm|classifier|inline/.test(
        name,
      ),
    ),
  ).toEqual([]);
  expect(new Set(scripts).size).toBe(scripts.length);

  for (let i = 0; i < 2; i++) expect([' yes', ' no']).toContain(await answer(page));
  // The small worker knows no constraints; the one that compiles them stays for the next one.
  expect(workers().slice(1)).toEqual(['worker-wasm.js', 'worker-constraint.js']);
  expect(page.workers()).toHaveLength(3);
});

test('the kernels for weights in f32 and in q4 come with the first model in them', async ({ page }) => {
  const chunks: string[] = [];
  page.on('request', (request) => {
    if (/kernels-(f32|q4).*\.js$/.test(request.url())) chunks.push(request.url());
  });
  await page.goto(blank);
  const texts = await page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    const options = { backend: 'wasm', maxNewTokens: 4, temperature: 0 };
    const texts: string[] = [];
    for (const dtype of ['q8', 'f32', 'q4']) texts.push((await generate('Once upon a', { ...options, dtype })).text);
    return texts;
  });
  expect(new Set(texts).size).toBe(1);
  expect(chunks).toHaveLength(2);
});

test('the module for every kind of tokenizer comes with the first that needs it, GPT-1’s', async ({ page }) => {
  const chunks: string[] = [];
  page.on('request', (request) => {
    if (/every-kind-wasm\.gen-[\w-]{8}\.js$/.test(request.url())) chunks.push(request.url());
  });
  await page.goto(blank);
  const result = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const { createTokenizer } = await import('/dist/tokenizer.js' as string);
    const files: Record<string, string> = {};
    const folder = '/fixtures/gpt1-entailment-classifier';
    for (const name of ['vocab.json', 'merges.txt']) files[name] = await (await fetch(`${folder}/${name}`)).text();
    const model = await loadModel(folder, { backend: 'wasm', cache: false });
    const tokenizer = await createTokenizer(files);
    const texts = ['The cat, the Élan!', '中 \u0301x\u0000'];
    return [model.tokenizer, tokenizer].map((each) => [each.kind, ...texts.map((text) => [...each.encode(text)])]);
  });
  expect(result[0][0]).toBe('gpt1');
  expect(result[0]).toEqual(result[1]);
  expect(chunks.length).toBe(1);
});

test('what few tokenizers need comes with the first of them, to the page for its worker', async ({ page }) => {
  const chunks: string[] = [];
  page.on('request', (request) => {
    const [, name] = /chunk-(read-parts|rare-text)-[\w-]{8}\.js$/.exec(request.url()) ?? [];
    if (name) chunks.push(name);
  });
  await page.goto(blank);
  const result = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const { createTokenizer } = await import('/dist/tokenizer.js' as string);
    const read = async (name: string) =>
      new Uint8Array(await (await fetch(`/fixtures/gpt2-tiny/${name}`)).arrayBuffer());
    const text = async (name: string) => new TextDecoder().decode(await read(name));
    const pretokenizers = [
      {
        type: 'Split',
        pattern: { Regex: "(?i:'s)|\\p{L}++|\\p{N}|[^\\p{L}\\p{N}]" },
        behavior: 'Isolated',
        invert: false,
      },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ];
    const end = '<|endoftext|>';
    const tokenizerJson = JSON.stringify({
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Sequence', pretokenizers },
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: end, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        special_tokens: { [end]: { id: end, ids: [259], tokens: [end] } },
      },
      model: {
        type: 'BPE',
        vocab: JSON.parse(await text('vocab.json')),
        merges: (await text('merges.txt')).split('\n').slice(1).filter(Boolean),
      },
    });
    const files = { 'tokenizer.json': tokenizerJson };
    const bytes = new TextEncoder().encode(tokenizerJson);
    const model = await loadModel(
      {
        'config.json': await read('config.json'),
        'model.safetensors': await read('model.safetensors'),
        'tokenizer.json': bytes,
      },
      { backend: 'wasm', cache: false },
    );
    const tokenizer = await createTokenizer(files);
    const texts = ["IT's 12  o'clock", '', 'É\ud800'];
    const prompts: number[] = [];
    for (const prompt of texts)
      prompts.push((await model.generate(prompt, { maxNewTokens: 1, temperature: 0 })).usage.promptTokens);
    const wrong = JSON.stringify({ model: { type: 'Unigram' } });
    const refused = await loadModel(
      {
        'config.json': await read('config.json'),
        'model.safetensors': new Blob(),
        'tokenizer.json': new TextEncoder().encode(wrong),
      },
      { backend: 'wasm', cache: false },
    ).catch((error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    const ids = [model.tokenizer, tokenizer].map((each) => [
      each.kind,
      ...texts.map((given) => [...each.encode(given)]),
    ]);
    return { ids, prompts, refused };
  });
  expect(result.ids[0][0]).toBe('regex');
  expect(result.ids[0]).toEqual(result.ids[1]);
  expect((result.ids[0][1] as number[])[0]).toBe(259);
  expect(result.prompts).toEqual(result.ids[0].slice(1).map((ids) => ids.length));
  expect(result.refused).toMatch(/^BAD_(TOKENIZER: tokenizer\.json: model\.type is "Unigram"|CHECKPOINT)/);
  expect(chunks.sort()).toEqual(['rare-text', 'read-parts']);
});

test('the worker that compiles constraints goes with the model', async ({ page }) => {
  await page.goto(blank);
  await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const model = await loadModel(undefined, { backend: 'wasm' });
    await model.generate('Is it so?', { constraint: { regex: ' (yes|no)' }, temperature: 0 });
    await model.dispose();
  });
  await expect.poll(() => page.workers().length).toBe(0);
});

test.describe('where the worker that compiles constraints', () => {
  test.use({ expectedErrors: /404|worker/i });

  test('is not among the files of a site, its source starts it', async ({ page, context }) => {
    await context.route('**/dist/worker-constraint.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto(blank);
    expect([' yes', ' no']).toContain(await answer(page));
    expect(page.workers().filter((worker) => worker.url().startsWith('blob:'))).toHaveLength(1);
  });

  test('cannot be had at all, the page compiles', async ({ page, context }) => {
    await context.route('**/dist/worker-constraint*.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto(blank);
    expect([' yes', ' no']).toContain(await answer(page));
    expect(page.workers()).toHaveLength(1);
  });
});

test('a constraint that is wrong is refused over the worker boundary', async ({ page }) => {
  await page.goto(blank);
  const error = await page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    try {
      await generate('A', { backend: 'wasm', constraint: { regex: 'a(b' } });
    } catch (thrown) {
      return { code: (thrown as { code: string }).code, message: (thrown as Error).message };
    }
  });
  expect(error?.code).toBe('INVALID_OPTION');
  expect(error?.message).toContain('a(b');
});

test.describe('a folder of torch files', () => {
  // It is asked for the other files that a checkpoint may have.
  test.use({ expectedErrors: /404/ });

  for (const name of ['tied', 'legacy']) {
    test(`a checkpoint that torch saved loads in a worker: ${name}`, async ({ page }) => {
      await page.goto(blank);
      const { inWorker, inPage } = await page.evaluate(async (folder) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const logits = async (worker: boolean) => {
          const model = await loadModel(folder, { backend: 'wasm', dtype: 'f32', cache: false, worker });
          return Array.from((await model.forward([1, 2, 3])) as Float32Array);
        };
        return { inWorker: await logits(true), inPage: await logits(false) };
      }, `${torch}/${name}`);
      expect(inWorker.length).toBe(3 * 11);
      expect(inWorker).toEqual(inPage);
    });
  }

  test('a torch file with a pickle that calls something else is refused over the worker boundary', async ({ page }) => {
    await page.goto(blank);
    const error = await page.evaluate(async (folder) => {
      const { loadModel } = await import('/dist/index.js' as string);
      try {
        await loadModel(folder, { backend: 'wasm', cache: false });
      } catch (thrown) {
        return { code: (thrown as { code: string }).code, message: (thrown as Error).message };
      }
    }, `${torch}/evil`);
    expect(error?.code).toBe('BAD_CHECKPOINT');
    expect(error?.message).toContain('posix.system');
  });
});

/** What the model says where it may only say yes or no. */
const answer = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const { generate } = await import('/dist/index.js' as string);
    const options = { backend: 'wasm', constraint: { choices: [' yes', ' no'] }, temperature: 0 };
    return (await generate('Is it so?', options)).text;
  });
