import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { serve } from '../../scripts/serve.mjs';

/**
 * Pages of scripts that import the files of the package and no others, bundled by esbuild: `<name>.html` has a `<div id="root">` and
 * runs `<name>.js(x)`. All else that they import is what this repository has installed. Nothing is compressed, unpacked or installed,
 * which would take longer than what is tested.
 *
 * @param assets what is served beside the pages
 */
export async function packedPages(
  files: Readonly<Record<string, string>>,
  entries: readonly string[],
  assets: Readonly<Record<string, Uint8Array>> = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gptlet-pages-'));
  const installed = join(folder, 'node_modules/gptlet');
  await mkdir(installed, { recursive: true });
  const { files: packed } = JSON.parse(await readFile('package.json', 'utf8'));
  for (const path of ['package.json', ...packed]) {
    await mkdir(dirname(join(installed, path)), { recursive: true });
    await symlink(resolve(path), join(installed, path));
  }
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
  for (const [name, bytes] of Object.entries(assets)) {
    await mkdir(dirname(join(folder, 'dist', name)), { recursive: true });
    await writeFile(join(folder, 'dist', name), bytes);
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
