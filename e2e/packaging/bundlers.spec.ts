// The packed package in small apps of other bundlers. What each does with a worker's and a file's address differs;
// what the visitor reads must not.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';
import { freshProject } from './fresh-project.ts';

const bundlers = {
  esbuild: {
    dependencies: { esbuild: '0.28.2' },
    build: ['esbuild', 'main.js', '--bundle', '--splitting', '--format=esm', '--outdir=dist'],
  },
  rollup: {
    dependencies: { rollup: '4.68.7', '@rollup/plugin-node-resolve': '16.0.3' },
    build: ['rollup', 'main.js', '--dir', 'dist', '--plugin', 'node-resolve', '--silent'],
  },
  rolldown: {
    dependencies: { rolldown: '1.2.19' },
    build: ['rolldown', 'main.js', '--dir', 'dist', '--platform', 'browser'],
  },
  webpack: {
    dependencies: { webpack: '5', 'webpack-cli': '6' },
    build: ['webpack', 'build', '--mode', 'production', '--entry', './main.js', '--output-path', 'dist'],
  },
};

// Those that copy neither worker nor weights are asked for both in vain first.
test.use({ expectedErrors: /404|worker/i });

for (const [name, { dependencies, build }] of Object.entries(bundlers)) {
  test(`an app that ${name} bundles streams`, async ({ page }) => {
    test.setTimeout(240_000);
    const html = app.html('<script type="module" src="main.js"></script>');
    const project = await freshProject({ 'index.html': html, 'main.js': app.script }, dependencies);
    try {
      await project.run(build[0], ...build.slice(1));
      await cp(join(project.folder, 'index.html'), join(project.folder, 'dist/index.html'));
      const site = await serve(join(project.folder, 'dist'), { isolated: false });
      await expectStream(page, site.url);
      await site.close();
    } finally {
      await project.remove();
    }
  });
}
