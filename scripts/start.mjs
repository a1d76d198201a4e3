// `npm start`: installs what is missing, builds, streams a completion of the embedded model to the terminal, then
// serves the demos. `npm start -- --once` stops after the completion. Works on a fresh clone: Node built-ins only
// until the dependencies are there.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './setup/dependencies.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const prompt = 'Once upon a time';

ensureDependencies(root);
const { build } = await import('./build.mjs');
await build(root);

// Through the built package's own command, as `npx gptlet` would.
const { status } = spawnSync(
  process.execPath,
  ['dist/cli.js', prompt, '--max-new-tokens', '96', '--temperature', '0.7'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(status ?? 1);

if (!process.argv.includes('--once')) {
  const { serve } = await import('./serve.mjs');
  const { url } = await serve(root, { port: Number(process.env.PORT ?? 8080) });
  console.log(`\nDemos: ${url}/demos/ (Ctrl+C stops)`);
}
