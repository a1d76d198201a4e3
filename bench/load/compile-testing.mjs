// Compiles what only tests and these benches use (the package's own build leaves it out) into build/bench-load.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const compiler = 'node_modules/@typescript/native/bin/tsc';

/** @param {string} path a module under sdk/, with `.js` at its end */
export async function importCompiled(path) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'bench/load'], { cwd: repository, stdio: 'inherit' });
  if (status !== 0) throw new Error('the compiler found errors in bench/load');
  return import(new URL(`../../build/bench-load/${path}`, import.meta.url).href);
}
