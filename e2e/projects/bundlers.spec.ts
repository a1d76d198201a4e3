// The packed package in small apps of other bundlers. What each does with a worker's and a file's address differs;
// what the visitor reads must not. One project has them all: packing and installing took longer than bundling.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';
import { type FreshProject, freshProject } from './fresh-project.ts';
import { pinned } from './versions.ts';

interface Bundler {
  readonly dependencies: Record<string, string>;
  /** What builds into a folder. */
  build(folder: string): readonly [command: string, ...args: string[]];
  /** Bundles the page itself; the others bundle main.js, and the page is copied beside it. */
  readonly takesPage?: boolean;
}

const bundlers: Record<string, Bundler> = {
  esbuild: {
    dependencies: pinned('esbuild'),
    build: (folder) => ['esbuild', 'main.js', '--bundle', '--splitting', '--format=esm', `--outdir=${folder}`],
  },
  rollup: {
    dependencies: pinned('rollup', '@rollup/plugin-node-resolve'),
    build: (folder) => ['rollup', 'main.js', '--dir', folder, '--plugin', 'node-resolve', '--silent'],
  },
  rolldown: {
    dependencies: pinned('rolldown'),
    build: (folder) => ['rolldown', 'main.js', '--dir', folder, '--platform', 'browser'],
  },
  webpack: {
    dependencies: pinned('webpack', 'webpack-cli'),
    build: (folder) => {
      // Most of its time goes into making things small, which Vite and Parcel do in their tests too.
      const size = process.env.GPTLET_EVERY_TEST ? [] : ['--no-optimization-minimize'];
      return ['webpack', 'build', '--mode', 'production', ...size, '--entry', './main.js', '--output-path', folder];
    },
  },
  Parcel: {
    dependencies: pinned('parcel'),
    build: (folder) => ['parcel', 'build', 'index.html', '--dist-dir', folder, '--no-cache'],
    takesPage: true,
  },
};
/** Rolldown's configuration is Rollup's; Vite bundles with one or the other of them in a project of its own. */
const isUsual = (name: string): boolean => !['rolldown', 'rollup'].includes(name);

// One worker, hence one project.
test.describe.configure({ mode: 'default', timeout: 240_000 });
// Those that copy neither worker nor weights are asked for both in vain first.
test.use({ expectedErrors: /404|worker/i });

let project: FreshProject;
const dependencies = Object.assign(
  {},
  ...Object.entries(bundlers).map(([name, bundler]) =>
    isUsual(name) || process.env.GPTLET_EVERY_TEST ? bundler.dependencies : {},
  ),
);

test.beforeAll(async () => {
  test.setTimeout(240_000); // an npm install of some hundred packages, beside other tests
  const html = app.html('<script type="module" src="main.js"></script>');
  project = await freshProject({ 'index.html': html, 'main.js': app.script }, dependencies, {
    '@parcel/resolver-default': { packageExports: true },
  });
});

test.afterAll(() => project?.remove());

for (const [name, { build, takesPage }] of Object.entries(bundlers)) {
  test(`an app that ${name} bundles streams${isUsual(name) ? '' : ' @every'}`, async ({ page }) => {
    const folder = join(project.folder, `built-by-${name}`);
    await project.run(...build(folder));
    if (!takesPage) await cp(join(project.folder, 'index.html'), join(folder, 'index.html'));
    // Parcel installs packages that it takes the code to want: polyfills of Node's.
    const { dependencies: wanted, devDependencies } = JSON.parse(
      await readFile(join(project.folder, 'package.json'), 'utf8'),
    );
    expect({ ...wanted, ...devDependencies }).toEqual({ gptlet: expect.any(String), ...dependencies });
    const site = await serve(folder, { isolated: false });
    await expectStream(page, site.url);
    await site.close();
  });
}
