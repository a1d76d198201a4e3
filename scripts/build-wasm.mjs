// Compiles the AssemblyScript modules and writes each, as text, into the TypeScript file that loads it, so that a bundler sees nothing but JavaScript. Usage: node scripts/build-wasm.mjs [folder of wasm/ …]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import asc from 'assemblyscript/asc';
import { packBytes } from './packaging/pack-bytes.mjs';
import { wasmModules } from './packaging/wasm-modules.mjs';

const wanted = process.argv.slice(2);
mkdirSync('build/wasm', { recursive: true });
for (const module of wasmModules) {
  if (wanted.length === 0 || wanted.includes(module.folder)) await compile(module);
}

/** @param {(typeof wasmModules)[number]} module */
async function compile({ folder, out, constant }) {
  const name = basename(out, '-wasm.gen.ts');
  const entry = `wasm/${folder}/index.ts`;
  const binary = `build/wasm/${name}.wasm`;
  const { error, stderr } = await asc.main(
    [
      entry,
      '--config',
      'wasm/asconfig.json',
      '--target',
      folder,
      '--outFile',
      binary,
      '--textFile',
      binary.replace('.wasm', '.wat'),
    ],
    { readFile: (path, base) => read(join(base, path), constant) },
  );
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  const bytes = readFileSync(binary);
  const variable = `${name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}Wasm`;
  writeFileSync(
    out,
    `// Made by scripts/build-wasm.mjs from ${entry}.
import type { PackedBytes } from '${relative(dirname(out), 'sdk/platform/unpack-bytes.ts')}';

export const ${variable}: PackedBytes = {
  packed:
    '${packBytes(bytes)}',
};
`,
  );
  console.log(`${name}: ${bytes.length} bytes`);
}

/** A source file, the value of one of its constants replaced where the module has another. */
function read(path, constant) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // The compiler looks in several places.
    return null;
  }
  if (!constant || !path.endsWith(constant.file)) return text;
  const declaration = new RegExp(`(?<=export const ${constant.name}: \\w+ = )\\w+(?=;)`);
  if (!declaration.test(text)) throw new Error(`${path} declares no constant ${constant.name}`);
  return text.replace(declaration, constant.value);
}
