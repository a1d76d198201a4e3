// Compiles what only tests and benches use (the package's own build leaves it out) into build/bench.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../', import.meta.url));
const compiler = 'node_modules/@typescript/native/bin/tsc';
let compiled = false;

/** @param {string} path a module under sdk/, with `.js` at its end */
export async function importCompiled(path) {
  if (!compiled) {
    const { status } = spawnSync(process.execPath, [compiler, '-p', 'bench'], { cwd: repository, stdio: 'inherit' });
    if (status !== 0) throw new Error('the compiler found errors in what the benches use');
    compiled = true;
  }
  return import(new URL(`../build/bench/${path}`, import.meta.url).href);
}
