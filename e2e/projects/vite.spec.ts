import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';
import { type FreshProject, filesIn, freshProject } from './fresh-project.ts';
import { pinned } from './versions.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let project: FreshProject;

test.beforeAll(async () => {
  test.setTimeout(180_000); // a hook has a limit of its own
  project = await freshProject(
    { 'index.html': app.html('<script type="module" src="/main.js"></script>'), 'main.js': app.script },
    pinned('vite'),
  );
});

test.afterAll(() => project?.remove());

test('a fresh Vite app builds with the packed package and streams from it', async ({ page }) => {
  await project.run('vite', 'build');
  const files = await filesIn(join(project.folder, 'dist'));
  for (const worker of ['worker', 'worker-wasm', 'worker-constraint', 'worker-embedded', 'worker-embedded-wasm']) {
    const name = new RegExp(`/${worker}-[\\w-]{8}\\.js$`);
    expect(
      files.filter((file) => name.test(file)),
      `${worker}.js is a file`,
    ).toHaveLength(1);
  }
  expect(
    files.filter((name) => name.endsWith('.safetensors')),
    'the weights are a file',
  ).toHaveLength(1);
  const site = await serve(join(project.folder, 'dist'), { isolated: false });
  await expectStream(page, site.url);
  await site.close();
});

test.describe('in development', () => {
  // The development server bundles dependencies elsewhere: the first rung of the ladder misses there.
  test.use({ expectedErrors: /404|worker/i });

  test('a fresh Vite app streams from the development server', async ({ page }) => {
    const url = await project.start(/http:\/\/localhost:\d+/, 'vite', '--port', '0', '--host', 'localhost');
    await expectStream(page, url);
  });
});
