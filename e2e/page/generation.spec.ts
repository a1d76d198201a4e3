// Generation in a page, through the worker, on both backends.
import { expect, test } from '../shared-page.ts';

const blank = '/e2e/page/blank.html';

for (const backend of ['webgpu', 'wasm'] as const) {
  test.describe(backend, () => {
    test('streams in pieces; awaiting gives the same text', async ({ page }) => {
      await page.goto(blank);
      const { parts, text, result } = await page.evaluate(async (backend) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const model = await loadModel(undefined, { backend });
        const generation = model.generate('Once upon a time', { maxNewTokens: 8, seed: 1 });
        const pieces: string[] = [];
        for await (const part of generation) pieces.push(part.text);
        const result = await generation;
        return { parts: pieces.length, text: pieces.join(''), result, backend: model.backend };
      }, backend);
      expect(parts).toBeGreaterThan(3);
      expect(text).toBe(result.text);
      expect(result.usage.generatedTokens).toBe(result.tokenIds.length);
      expect(result.timings.tokensPerSecond).toBeGreaterThan(0);
    });

    test('generate() itself, whose worker knows the embedded model only, gives the same tokens', async ({ page }) => {
      await page.goto(blank);
      const [small, whole] = await page.evaluate(async (backend) => {
        const { generate, loadModel } = await import('/dist/index.js' as string);
        // Drawn, with penalties; the likeliest; with what it may not say.
        const calls = [{ seed: 5 }, { temperature: 0, noRepeatNgramSize: 0 }, { seed: 6, bannedTexts: ['was', 'the'] }];
        const model = await loadModel(undefined, { backend });
        const texts: string[][] = [[], []];
        for (const call of calls) {
          const options = { maxNewTokens: 6, ...call };
          texts[0].push((await generate('Once upon a time, “Zoë', { ...options, backend })).text);
          texts[1].push((await model.generate('Once upon a time, “Zoë', options)).text);
        }
        return texts;
      }, backend);
      expect(new Set(small).size).toBe(3);
      expect(small).toEqual(whole);
      const ending = backend === 'webgpu' ? '' : '-wasm';
      const files = page.workers().map((worker) => worker.url().replace(/.*\//, ''));
      expect(files.filter((name) => name.startsWith('worker'))).toEqual([
        `worker${ending}.js`,
        `worker-embedded${ending}.js`,
      ]);
    });

    test('an aborted signal stops within a token, and the model goes on working', async ({ page }) => {
      await page.goto(blank);
      const { runs, next } = await page.evaluate(async (backend) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const model = await loadModel(undefined, { backend });
        const runs: { finishReason: string; tokens: number; seen: number }[] = [];
        for (let i = 0; i < 3; i++) {
          const stop = new AbortController();
          const options = { minNewTokens: 200, maxNewTokens: 200, temperature: 0, signal: stop.signal };
          const generation = model.generate('Once upon a time', options);
          let seen = 0;
          for await (const part of generation) {
            seen += part.tokenIds.length;
            if (seen >= 4) stop.abort();
          }
          const { finishReason, tokenIds } = await generation;
          runs.push({ finishReason, tokens: tokenIds.length, seen });
        }
        const next = await model.generate('Once there was', { maxNewTokens: 3, temperature: 0 });
        return { runs, next: next.tokenIds.length };
      }, backend);
      for (const { finishReason, tokens } of runs) {
        expect(finishReason).toBe('aborted');
        expect(tokens).toBeGreaterThanOrEqual(4);
      }
      // What was on its way over the worker boundary when the page aborted may still arrive: the best of three, since a busy
      // machine may hold the page up while its worker goes on.
      expect(Math.min(...runs.map(({ seen }) => seen))).toBeLessThan(40);
      expect(next).toBe(3);
    });

    test('generations at the same time do not disturb each other', async ({ page }) => {
      await page.goto(blank);
      const { alone, together } = await page.evaluate(async (backend) => {
        const { loadModel } = await import('/dist/index.js' as string);
        const model = await loadModel(undefined, { backend });
        const prompts = ['Once upon a time', 'The little fox', 'In the garden'];
        const run = async (prompt: string) => (await model.generate(prompt, { maxNewTokens: 4, temperature: 0 })).text;
        const alone: string[] = [];
        for (const prompt of prompts) alone.push(await run(prompt));
        return { alone, together: await Promise.all(prompts.map(run)) };
      }, backend);
      expect(together).toEqual(alone);
      expect(new Set(alone).size, 'the prompts have different continuations').toBeGreaterThan(1);
    });
  });
}

test('both backends choose the same tokens over 16 greedy steps', async ({ page }) => {
  await page.goto(blank);
  const [webgpu, wasm] = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const ids: number[][] = [];
    for (const backend of ['webgpu', 'wasm']) {
      const model = await loadModel(undefined, { backend, dtype: 'f32' });
      const { tokenIds } = await model.generate('Once upon a time', {
        maxNewTokens: 16,
        temperature: 0,
        stopTokenIds: [],
      });
      ids.push(tokenIds);
      await model.dispose();
    }
    return ids;
  });
  expect(webgpu.length).toBe(16);
  expect(webgpu).toEqual(wasm);
});

test('a bad option and a model that is not there are errors with a code; the page goes on', async ({ page }) => {
  await page.goto(blank);
  const codes = await page.evaluate(async () => {
    const { GptletError, loadModel } = await import('/dist/index.js' as string);
    const codeOf = (error: { code?: string }) => (GptletError.isInstance(error) ? error.code : String(error));
    const model = await loadModel(undefined, { backend: 'wasm' });
    return [
      await model.generate('x', { temperature: -1 }).then(String, codeOf),
      await loadModel({ 'config.json': new Blob(['{}']) }).then(String, codeOf),
      await loadModel(undefined, { backend: 'cuda' }).then(String, codeOf),
      (await model.generate('x', { maxNewTokens: 2 })).tokenIds.length,
    ];
  });
  expect(codes[0]).toBe('INVALID_OPTION');
  expect(codes[1]).toMatch(/MODEL_NOT_FOUND|BAD_CHECKPOINT|UNSUPPORTED_MODEL/);
  expect(codes[2]).toBe('INVALID_OPTION');
  expect(codes[3]).toBe(2);
});

test('a call that is aborted while it waits for another ends before that, for the reason given', async ({ page }) => {
  await page.goto(blank);
  const { generation, score, ended, whole } = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const model = await loadModel(undefined, { backend: 'wasm' });
    const running = model.generate('Once', { maxNewTokens: 250, stopTokenIds: [], temperature: 0 });
    const stop = new AbortController();
    const { signal } = stop;
    let ended = false;
    const outcomes: { generation?: string; score?: string; ended?: boolean } = {};
    for await (const _ of running) {
      if (signal.aborted) continue;
      const waiting = model.generate('Two', { signal }).then((result: { finishReason: string }) => result.finishReason);
      const scoring = model.score('Three', { signal }).catch((error: Error) => error.message);
      stop.abort(new RangeError('enough'));
      Promise.all([waiting, scoring]).then(([generation, score]) =>
        Object.assign(outcomes, { generation, score, ended }),
      );
    }
    const { finishReason } = await running;
    ended = true;
    return { ...outcomes, whole: finishReason };
  });
  expect({ generation, score, ended, whole: whole !== 'aborted' }).toEqual({
    generation: 'aborted',
    score: 'enough',
    ended: false,
    whole: true,
  });
});

test('what onProgress throws ends a load, in a worker and in the page, and no worker is left', async ({ page }) => {
  await page.goto(blank);
  const ends = await page.evaluate(async () => {
    const { generate, loadModel } = await import('/dist/index.js' as string);
    const ends: unknown[] = [];
    for (const at of ['config', 'download', 'ready']) {
      const error = new RangeError(`no bar for ${at}`);
      const onProgress = ({ stage }: { stage: string }) => {
        if (stage === at) throw error;
      };
      const isIt = (thrown: unknown) => thrown === error;
      for (const worker of [true, false]) {
        ends.push(await loadModel(undefined, { backend: 'wasm', worker, onProgress }).then(String, isIt));
      }
      ends.push(await generate('Once', { backend: 'wasm', onProgress }).then(String, isIt));
    }
    return ends;
  });
  expect(ends).toEqual(Array(9).fill(true));
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a load that is aborted leaves no worker behind', async ({ page, context }) => {
  await context.route('**/model.safetensors', () => {}); // never answered
  await page.goto(blank);
  const name = await page.evaluate(async () => {
    const { loadModel } = await import('/dist/index.js' as string);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    return loadModel(undefined, { backend: 'wasm', signal: stop.signal }).catch((error: Error) => error.name);
  });
  expect(name).toBe('AbortError');
  await expect.poll(() => page.workers().length).toBe(0);
});

test('an isolated page has threads, another has one', async ({ page }) => {
  await page.goto(blank);
  const isolated = await page.evaluate(async () => (await import('/dist/index.js' as string)).probe());
  expect(isolated).toMatchObject({ crossOriginIsolated: true, wasm: { available: true, simd: true } });
  expect(isolated.threads).toBeGreaterThan(1);
  await page.route(`**${blank}`, async (route) => {
    const response = await route.fetch();
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin')),
    );
    await route.fulfill({ response, headers });
  });
  await page.goto(blank);
  const plain = await page.evaluate(async () => (await import('/dist/index.js' as string)).probe());
  expect(plain).toMatchObject({ crossOriginIsolated: false, threads: 1 });
});
