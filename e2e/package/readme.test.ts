// Every JavaScript snippet of the README, docs/tasks.md, docs/training.md, docs/adapters.md and docs/constraints.md runs as it stands, in Node, against the built package.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import { someAdapter } from '../../sdk/checkpoint/peft/testing/some-adapter.ts';
import { writeAdapter } from '../../sdk/checkpoint/peft/write-adapter.ts';
import { openCheckpoint } from '../../sdk/testing/open-checkpoint.ts';
import { runModule } from './run-node.ts';

const readme = readFileSync('README.md', 'utf8');
const snippetsOf = (text: string) => [...text.matchAll(/```js\n([\s\S]+?)```/g)].map(([, code]) => code);
const snippets = snippetsOf(readme);
const tasks = snippetsOf(readFileSync('docs/tasks.md', 'utf8'));
const training = snippetsOf(readFileSync('docs/training.md', 'utf8'));
const adapters = snippetsOf(readFileSync('docs/adapters.md', 'utf8'));
const constraints = snippetsOf(readFileSync('docs/constraints.md', 'utf8'));

const chatModel = `${mkdtempSync(join(tmpdir(), 'gptlet-chat-model-'))}/`;
for (const [name, bytes] of Object.entries(chatModelFiles())) writeFileSync(chatModel + name, bytes);
const { config } = await openCheckpoint('models/default', { headersOnly: true });
const defaultModelAdapter = writeAdapter(config, someAdapter(config, 1));
const adapter = `${mkdtempSync(join(tmpdir(), 'gptlet-adapter-'))}/`;
for (const [name, bytes] of Object.entries(defaultModelAdapter)) writeFileSync(adapter + name, bytes);
afterAll(() => {
  for (const folder of [chatModel, adapter]) rmSync(folder, { recursive: true });
});

// The hub cannot be reached from here: its files for any model are those of the embedded one.
const localHub = `
const chatModel = ${JSON.stringify(chatModel)};
const adapterFolder = ${JSON.stringify(adapter)};
import { readFile as readLocal } from 'node:fs/promises';
globalThis.fetch = async (request) => {
  const url = new URL(request.url ?? request);
  const file = url.pathname.split('/').at(-1);
  if (url.hostname !== 'huggingface.co') throw new Error('unexpected address ' + url);
  // The README's chat is with a model that was made for it.
  // The adapter's files are those of one for the embedded model.
  const folder = url.pathname.includes('/Qwen3') ? chatModel : url.pathname.includes('-lora') ? adapterFolder : 'models/default/';
  const body = await readLocal(folder + file).catch(() => undefined);
  return body ? new Response(body, { headers: { 'content-length': body.length } }) : new Response('', { status: 404 });
};
`;

test('there are snippets', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(3);
  expect(tasks.length).toBeGreaterThanOrEqual(1);
  expect(constraints.length).toBeGreaterThanOrEqual(1);
  expect(training.length).toBe(trainingOutputs.length);
  expect(adapters.length).toBeGreaterThanOrEqual(2);
});

for (const [index, snippet] of snippets.entries()) {
  test(`snippet ${index + 1} of the README runs`, async () => {
    const output = await runModule(localHub + snippet);
    expect(output.trim()).not.toBe('');
  });
}

for (const [index, snippet] of tasks.entries()) {
  test(`snippet ${index + 1} of docs/tasks.md runs`, async () => {
    const output = await runModule(localHub + snippet);
    expect(output).toContain('positive');
    expect(output).toContain('cachedTokens');
  });
}

for (const [index, snippet] of adapters.entries()) {
  test(`snippet ${index + 1} of docs/adapters.md runs`, async () => {
    const output = await runModule(localHub + snippet);
    expect(output).toContain('pirate');
    const [plain, adapted] = output.split('|');
    if (adapted) expect(adapted.trim()).not.toBe(plain.trim());
  });
}

for (const [index, snippet] of constraints.entries()) {
  test(`snippet ${index + 1} of docs/constraints.md runs`, async () => {
    const output = await runModule(localHub + snippet);
    expect(output).toMatch(/^\d+ [1-9]\d*\n$/);
  });
}

/** What each ends with: what it learnt. */
const trainingOutputs = [
  /'glad', 'sad' \] [\d.]+ \[\]\nsad 0\.\d+\n$/,
  /^\d+ MB [\d.]+ s\n(.+\n)+ran first\n$/,
  /^It is the cat, said the owl\.\n$/,
  /label: 'name',\s+text: 'Lily'/,
  /\n150 .+\n [a-z]+\. The .+\n$/,
];

for (const [index, snippet] of training.entries()) {
  test(`snippet ${index + 1} of docs/training.md runs`, async () => {
    const output = await runModule(localHub + snippet);
    expect(output).toMatch(trainingOutputs[index]);
  });
}

test('the snippet of docs/recipes/drafts.md runs', async () => {
  const [, snippet] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/recipes/drafts.md', 'utf8')) ?? [];
  expect(await runModule(snippet)).toMatch(/^true \{/);
});

test('no page for users has a code block that no test runs', () => {
  // The HTML block runs in e2e/readme.spec.ts, the recipes in e2e/projects/recipes.spec.ts, which takes them by their names,
  // docs/recipes/elements.md in e2e/elements.
  const run: Record<string, string[]> = {
    'README.md': ['sh', 'js', 'html', 'js', 'js', 'js'],
    'docs/tasks.md': ['js'],
    // The command is run in e2e/package/train.test.ts.
    'docs/training.md': ['js', 'js', 'js', 'js', 'js', 'sh'],
    'docs/adapters.md': ['js', 'js'],
    'docs/constraints.md': ['js'],
    // e2e/projects/ai-sdk.spec.ts
    'docs/recipes/ai-sdk.md': ['js', 'jsx', 'jsx'],
    'docs/recipes/drafts.md': ['js'],
    'docs/recipes/elements.md': ['html'],
    'docs/recipes/connect.md': ['html'],
    'docs/recipes/openai.md': ['js', 'js', 'js'],
    'docs/recipes/prompt-api.md': ['html'],
    'docs/prompt-api.md': ['js'],
    // Run in e2e/package/serve.test.ts.
    'docs/recipes/serve.md': ['sh', 'js'],
    'docs/recipes.md': ['html', 'html', 'js'],
    'docs/recipes/react.md': ['jsx', 'jsx', 'jsx', 'jsx'],
    'docs/recipes/vue-svelte.md': ['vue', 'svelte'],
  };
  const pages = [
    'README.md',
    ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
  ];
  for (const page of pages.filter((path) => path.endsWith('.md') && !path.endsWith('.api.md'))) {
    const fences = [...readFileSync(page, 'utf8').matchAll(/^```(\w+)\n(.*)/gm)];
    expect(
      fences.map(([, language]) => language),
      page,
    ).toEqual(run[page] ?? []);
    if (page === 'docs/recipes.md') for (const [, , first] of fences) expect(first).toMatch(/^(\/\/|<!--) [\w-]+\.\w+/);
  }
});

test('every decision record has a number of its own', () => {
  const numbers = readdirSync('docs/decisions').map((name) => name.slice(0, 4));
  expect(numbers).toEqual(numbers.map((_, i) => String(i + 1).padStart(4, '0')));
});

test('the README names the licence, the commands and only files that exist', () => {
  expect(readme).toMatch(/MIT\s+licence/);
  for (const command of ['npm install gptlet', 'npm start', 'npm test', 'npx gptlet'])
    expect(readme).toContain(command);
  for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
    expect(readFileSync(path).length).toBeGreaterThan(0);
});

test('the table of models names every family, and fixtures that are there', () => {
  const [, table] = /## Models\n\n([\s\S]+?)\n\n/.exec(readme) ?? [];
  const [, architectures] =
    /export type Architecture =([^;]+);/.exec(readFileSync('sdk/model/config.ts', 'utf8')) ?? [];
  for (const [, name] of architectures.matchAll(/'([^']+)'/g)) expect(table, name).toContain(`\`${name}\``);
  const folders = [...readdirSync('fixtures').map((name) => `fixtures/${name}`)].concat(
    readdirSync('fixtures/families').map((name) => `fixtures/families/${name}`),
  );
  const patterns = [...table.matchAll(/`(fixtures\/[^`]+)`/g)].map(([, glob]) =>
    glob.replace('{', '(').replace('}', ')').replaceAll(',', '|').replace('*', '.*'),
  );
  expect(patterns.length).toBeGreaterThan(8);
  for (const pattern of patterns)
    expect(
      folders.some((folder) => new RegExp(`^${pattern}$`).test(folder)),
      pattern,
    ).toBe(true);
});
