import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Engines that run models in pages. */
const engines = { 'onnxruntime-web': '1.30.0', '@wllama/wllama': '3.13.0', 'gemma-webgpu': '0.1.0' };

/** Installs the peers into `folder` if they are not there in these versions; only benchmarks need their 100 MB. */
export function installPeers(folder, packages = engines) {
  const wanted = Object.entries(packages);
  if (wanted.every(([name, version]) => installedVersion(folder, name) === version)) return;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const specifiers = wanted.map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specifiers], {
    cwd: folder,
    stdio: 'inherit',
  });
}

function installedVersion(folder, name) {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}
