// Installs node_modules where it is missing or differs from package-lock.json. Node built-ins only: this
// runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether every package that package-lock.json wants is there in its version (optional ones may lack). */
export function dependenciesAreCurrent(root) {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

/**
 * Runs `npm ci` when needed. Install scripts are not run: every binary we use ships inside its package.
 * The output goes to standard error, so that standard output stays the caller's.
 */
export function ensureDependencies(root) {
  if (dependenciesAreCurrent(root)) return;
  console.error('Installing dependencies (npm ci) …');
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ` with exit code ${status}`}`);
}
