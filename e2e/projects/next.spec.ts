// Next.js takes minutes to install and build: `GPTLET_ALL=1 npx playwright test e2e/projects/next.spec.ts`.
import { test } from '../serving.ts';
import { expectStream, maxNewTokens, prompt } from './expected-tokens.ts';
import { type FreshProject, freshProject } from './fresh-project.ts';
import { pinned } from './versions.ts';

const layout = `export default function Layout({ children }) {
  return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
}
`;

/** Rendered on the server first: the import must touch nothing of a page. An effect may run twice and is undone. */
const page = `'use client';
import { generate } from 'gptlet';
import { useEffect, useState } from 'react';

export default function Page() {
  const [text, setText] = useState('');
  const [ids, setIds] = useState('');
  useEffect(() => {
    const stop = new AbortController();
    const options = { maxNewTokens: ${maxNewTokens}, temperature: 0, backend: 'wasm', signal: stop.signal };
    const run = async () => {
      const ids = [];
      let parts = 0;
      for await (const part of generate(${JSON.stringify(prompt)}, options)) {
        setText((before) => before + part.text);
        ids.push(...part.tokenIds);
        parts++;
      }
      const constraint = { choices: [' yes', ' no'] };
      const { text } = await generate('Is it so?', { constraint, temperature: 0, backend: 'wasm', signal: stop.signal });
      if (!stop.signal.aborted) setIds(JSON.stringify({ parts, ids, answer: text }));
    };
    run().catch((error) => setIds(String(error?.stack ?? error)));
    return () => stop.abort();
  }, []);
  return <main><p id="text">{text}</p><p id="ids">{ids}</p></main>;
}
`;

test.describe.configure({ mode: 'serial', timeout: 600_000 });
test.skip(!process.env.GPTLET_ALL, 'Next.js takes minutes: set GPTLET_ALL=1');

let project: FreshProject;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  project = await freshProject({ 'app/layout.js': layout, 'app/page.js': page }, pinned('next', 'react', 'react-dom'));
});

test.afterAll(() => project?.remove());

for (const bundler of ['turbopack', 'webpack']) {
  test(`an app that Next.js builds with ${bundler} streams`, async ({ page }) => {
    await project.run('next', 'build', `--${bundler}`);
    const url = await project.start(/http:\/\/localhost:\d+/, 'next', 'start', '--port', '0');
    await expectStream(page, url);
  });
}
