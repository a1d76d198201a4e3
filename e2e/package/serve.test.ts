// `gptlet serve` as it is in the package, for OpenAI's own client, with a model of random weights.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { runModule } from './run-node.ts';

const id = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const running: ChildProcess[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gptlet-serve-'));
  // A folder of an id's name stands for the id: the hub cannot be reached from here.
  await mkdir(join(folder, id), { recursive: true });
  for (const [name, bytes] of Object.entries(chatModelFiles())) await writeFile(join(folder, id, name), bytes);
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the command; resolves when it has said where it serves. */
async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = { cwd: folder, env: { ...process.env, ...env } };
  const child = spawn(process.execPath, [resolve('dist/cli.js'), 'serve', ...args, '--backend', 'wasm'], options);
  running.push(child);
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [errors])]);
  const [, baseURL] = / at (http:\S+\/v1)/.exec(String(line)) ?? [];
  return { child, ended, line: String(line), baseURL, errors: () => errors };
}

/** An answer that goes on until something ends it: the token that would is never drawn. */
const endless = {
  model: id,
  messages: [{ role: 'user', content: 'Hello' }],
  logit_bias: { 256: -100, 257: -100, 258: -100 },
} satisfies Partial<OpenAI.ChatCompletionCreateParams>;

test('the recipe runs as it stands, but for the port', async () => {
  const recipe = await readFile('docs/recipes/serve.md', 'utf8');
  const [, command, code] = /```sh\n(.+)\n```[\s\S]*```js\n([\s\S]+?)```/.exec(recipe) ?? [];
  expect(command).toMatch(/^npx gptlet serve .*--port 8080$/);
  const { baseURL, line } = await serve(command.replace('8080', '0').split(' ').slice(3));
  expect(line).toMatch(
    /^gptlet serves HuggingFaceTB\/SmolLM2-135M-Instruct \(wasm, \w+\) at http:\/\/127\.0\.0\.1:\d+\/v1\n$/,
  );
  expect(code).toContain('http://127.0.0.1:8080/v1');
  // What the embedded tokens say, at random, is of no matter; that some do is.
  expect((await runModule(code.replace('http://127.0.0.1:8080/v1', baseURL))).length).toBeGreaterThan(0);
});

test('the official client lists, chats, streams, completes, embeds and hears of errors; a closed connection ends its answer', async () => {
  const { baseURL } = await serve(['--model', id, '--port', '0'], { GPTLET_KEY: 'the-key' });
  const client = new OpenAI({ baseURL, apiKey: 'the-key', maxRetries: 0 });
  const metrics = async (): Promise<string> => {
    const headers = { authorization: 'Bearer the-key' };
    return (await fetch(new URL('/metrics', baseURL), { headers })).text();
  };
  expect((await client.models.list()).data.map((model) => model.id)).toEqual([id]);
  const chat = { ...endless, max_tokens: 8, seed: 1 };
  const { choices, usage } = await client.chat.completions.create(chat);
  expect(usage?.completion_tokens).toBe(8);
  let streamed = '';
  for await (const chunk of await client.chat.completions.create({ ...chat, stream: true }))
    streamed += chunk.choices[0]?.delta.content ?? '';
  expect(streamed).toBe(choices[0].message.content);
  expect((await client.completions.create({ model: id, prompt: 'Once', max_tokens: 4 })).object).toBe(
    'text_completion',
  );
  expect((await client.embeddings.create({ model: id, input: 'Once' })).data[0].embedding.length).toBeGreaterThan(10);

  await expect(client.chat.completions.create({ ...chat, model: 'other' })).rejects.toMatchObject({ status: 404 });
  const stranger = new OpenAI({ baseURL, apiKey: 'another-key', maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });

  const generated = async (): Promise<number> =>
    Number(/gptlet_generated_tokens_total\{model="\S+"\} (\d+)/.exec(await metrics())?.[1]);
  const before = await generated();
  expect(before).toBe(8 + 8 + 4);
  const stream = await client.chat.completions.create({ ...endless, stream: true, max_tokens: 4000 });
  for await (const _ of stream) break;
  await expect.poll(metrics).toContain('gptlet_requests_total{route="/v1/chat/completions",status="closed"} 1\n');
  expect(await metrics()).toContain('gptlet_running 0\n');
  expect(await metrics()).toMatch(
    /gptlet_generated_tokens_total\{model="HuggingFaceTB\/SmolLM2-135M-Instruct"\} [1-9]/,
  );
});

test('the first signal lets an answer end, the second does not', async () => {
  for (const signals of [1, 2]) {
    const { child, baseURL, ended, errors } = await serve(['--model', id, '--port', '0']);
    const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
    const length = signals === 1 ? 100 : 4000;
    const stream = await client.chat.completions.create({ ...endless, stream: true, max_tokens: length });
    child.kill('SIGINT');
    let finish: string | null = null;
    const reading = (async () => {
      for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
    })();
    if (signals === 1) await reading;
    else {
      // Two that come together would be one.
      await expect.poll(errors).toContain('the same again stops at once');
      child.kill('SIGINT');
      await expect(reading).rejects.toThrow();
    }
    expect(await ended).toBe(signals === 1 ? 0 : 130);
    expect(finish).toBe(signals === 1 ? 'length' : null);
  }
});

test('a port in use, a host without a key and a model that is not there are told, and end it', async () => {
  const first = await serve(['--port', '0']);
  expect(first.line).toMatch(/^gptlet serves gptlet \(wasm, \w+\) at /);
  const { port } = new URL(first.baseURL);
  for (const [args, message] of [
    [['--port', port], `gptlet: Port ${port} of 127.0.0.1 is in use; choose another with --port, or 0`],
    [['--host', '0.0.0.0'], "gptlet: --host is '0.0.0.0', which other machines may reach; also give the key"],
    [['--port', '0', '--model', './nowhere'], 'MODEL_NOT_FOUND'],
  ] as const) {
    const { ended, errors } = await serve(args);
    expect(await ended).toBe(1);
    expect(errors()).toContain(message);
  }
});
