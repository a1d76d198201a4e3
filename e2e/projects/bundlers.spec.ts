// The packed package in small apps of other bundlers. What each does with a worker's and a file's address differs;
// what the visitor reads must not.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';
import { freshProject } from './fresh-project.ts';
import { pinned } from './versions.ts';

interface Bundler {
  readonly dependencies: Record<string, string>;
  readonly build: readonly [command: string, ...args: string[]];
  /** Bundles the page itself; the others bundle main.js, and the page is copied beside it. */
  readonly takesPage?: boolean;
  /** For package.json. */
  readonly settings?: object;
}

const bundlers: Record<string, Bundler> = {
  esbuild: {
    dependencies: pinned('esbuild'),
    build: ['esbuild', 'main.js', '--bundle', '--splitting', '--format=esm', '--outdir=dist'],
  },
  rollup: {
    dependencies: pinned('rollup', '@rollup/plugin-node-resolve'),
    build: ['rollup', 'main.js', '--dir', 'dist', '--plugin', 'node-resolve', '--silent'],
  },
  rolldown: {
    dependencies: pinned('rolldown'),
    build: ['rolldown', 'main.js', '--dir', 'dist', '--platform', 'browser'],
  },
  webpack: {
    dependencies: pinned('webpack', 'webpack-cli'),
    build: ['webpack', 'build', '--mode', 'production', '--entry', './main.js', '--output-path', 'dist'],
  },
  Parcel: {
    dependencies: pinned('parcel'),
    build: ['parcel', 'build', 'index.html', '--dist-dir', 'dist', '--no-cache'],
    takesPage: true,
    settings: { '@parcel/resolver-default': { packageExports: true } },
  },
};

// Those that copy neither worker nor weights are asked for both in vain first.
test.use({ expectedErrors: /404|worker/i });

for (const [name, { dependencies, build, takesPage, settings }] of Object.entries(bundlers)) {
  // Rolldown's configuration is Rollup's; Vite bundles with it in a project of its own.
  test(`an app that ${name} bundles streams${name === 'rolldown' ? ' @every' : ''}`, async ({ page }) => {
    test.setTimeout(240_000); // an npm install of up to a hundred packages, beside other tests
    const html = app.html('<script type="module" src="main.js"></script>');
    const project = await freshProject({ 'index.html': html, 'main.js': app.script }, dependencies, settings);
    try {
      await project.run(...build);
      if (!takesPage) await cp(join(project.folder, 'index.html'), join(project.folder, 'dist/index.html'));
      // Parcel installs packages that it takes the code to want: polyfills of Node's.
      const { dependencies: wanted, devDependencies } = JSON.parse(
        await readFile(join(project.folder, 'package.json'), 'utf8'),
      );
      expect({ ...wanted, ...devDependencies }).toEqual({ gptlet: expect.any(String), ...dependencies });
      const site = await serve(join(project.folder, 'dist'), { isolated: false });
      await expectStream(page, site.url);
      await site.close();
    } finally {
      await project.remove();
    }
  });
}
