import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { serve } from '../../scripts/serve.mjs';

const execFileAsync = promisify(execFile);

/**
 * Pages of scripts that import the packed gptlet, bundled by esbuild: `<name>.html` has a `<div id="root">` and runs `<name>.js(x)`.
 * All else that they import is what this repository has installed, so that no install is waited for.
 */
export async function packedPages(
  files: Readonly<Record<string, string>>,
  entries: readonly string[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gptlet-pages-'));
  const installed = join(folder, 'node_modules/gptlet');
  await mkdir(installed, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse((await execFileAsync('npm', pack, { maxBuffer: 2 ** 26 })).stdout);
  await execFileAsync('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await build({
    absWorkingDir: folder,
    entryPoints: [...entries],
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    nodePaths: [resolve('node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  for (const entry of entries) {
    const name = entry.replace(/\.\w+$/, '');
    await writeFile(join(folder, 'dist', `${name}.html`), pageOf(name));
  }
  const site = await serve(join(folder, 'dist'), { isolated: false });
  return {
    url: site.url,
    async close() {
      await site.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const pageOf = (name: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"></head>
<body><div id="root"></div><p id="answer"></p><script type="module" src="${name}.js"></script></body></html>`;
