// Makes a folder that measures and checks this engine on an x86-64 Linux machine which has a GPU driver and nothing else.
//
//   npm run build && node bench/gpu/pack-for-gpu.mjs FOLDER
//
// The folder then holds what the scripts beside this one need, Dawn and this machine's Node; there, in the folder:
//
//   ./node bench/gpu/check-real-gpu.mjs --no-build && ./node bench/gpu/real-gpu.mjs --no-build
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHarness } from './bundle-harness.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('Name the folder to make: node bench/gpu/pack-for-gpu.mjs FOLDER');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await bundleHarness('build/gpu-harness.mjs');
/** Code, and the fixtures that are checked. */
const wanted = (path) => !/\.(map|d\.ts)$|-classifier$|gpt2-sharded$/.test(path);
for (const path of [
  'bench/gpu',
  'bench/measured.mjs',
  'scripts/serve.mjs',
  'fixtures',
  'build/gpu-harness.mjs',
  ...['errors', 'platform', 'model', 'quantising', 'backends', 'gradients'].map((room) => `build/sdk/${room}`),
  // What serve.mjs serves with, and Dawn for this machine's kind.
  ...['sirv', 'mrmime', 'totalist', '@polka/url'].map((name) => `node_modules/${name}`),
  ...['index.js', 'package.json', 'LICENSE.md', `dist/${process.platform}-${process.arch}`].map(
    (name) => `node_modules/webgpu/${name}`,
  ),
]) {
  cpSync(path, join(folder, path), { recursive: true, filter: wanted });
}
cpSync(process.execPath, join(folder, 'node'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
// Without symbols, where there is a tool for it: a fifth less to carry.
const dawn = `node_modules/webgpu/dist/${process.platform}-${process.arch}/dawn.node`;
spawnSync('strip', [join(folder, 'node'), join(folder, dawn)]);
