import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';

export const prompt = 'Once upon a time';
export const maxNewTokens = 32;

/** A page that streams, greedily and on the CPU, so that all projects must agree to the token: the text grows in #text, the token ids land in #ids at the end, with a constrained answer, which takes the second worker. */
export const page = {
  html: (script: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,"></head>
<body><p id="text"></p><p id="ids"></p>${script}</body></html>`,
  script: `import { generate } from 'gptlet';
const ids = [];
let parts = 0;
try {
  for await (const part of generate(${JSON.stringify(prompt)}, { maxNewTokens: ${maxNewTokens}, temperature: 0, backend: 'wasm' })) {
    document.querySelector('#text').textContent += part.text;
    ids.push(...part.tokenIds);
    parts++;
  }
  const { text } = await generate('Is it so?', { constraint: { choices: [' yes', ' no'] }, temperature: 0, backend: 'wasm' });
  document.querySelector('#ids').textContent = JSON.stringify({ parts, ids, answer: text });
} catch (error) {
  document.querySelector('#ids').textContent = String(error?.stack ?? error);
}
`,
};

/** The same tokens from the command line of this build. */
export async function expectedTokens(dtype = 'auto'): Promise<number[]> {
  const args = [
    'dist/cli.js',
    prompt,
    '--json',
    '--backend',
    'wasm',
    '--dtype',
    dtype,
    '--temperature',
    '0',
    '--max-new-tokens',
    String(maxNewTokens),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout).tokenIds;
}

/** Opens the page at `url` and expects it to stream exactly these tokens, in pieces. */
export async function expectStream(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('#ids')).toHaveText(/./, { timeout: 90_000 });
  const outcome = await page.locator('#ids').textContent();
  expect(outcome).toMatch(/^\{/);
  const { ids, parts, answer } = JSON.parse(String(outcome));
  expect(ids).toEqual(await expectedTokens());
  expect([' yes', ' no']).toContain(answer);
  expect(parts, 'arrived in pieces').toBeGreaterThan(5);
}
