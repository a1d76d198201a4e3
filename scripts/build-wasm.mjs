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
async function compile({ folder, entry: file = 'index.ts', out, constants }) {
  const name = basename(out, '-wasm.gen.ts');
  const entry = `wasm/${folder}/${file}`;
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
    { readFile: (path, base) => read(join(base, path), constants) },
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

/** A source file, the values of some of its constants replaced where the module has others. */
function read(path, constants) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // The compiler looks in several places.
    return null;
  }
  if (!constants || !path.endsWith(constants.file)) return text;
  for (const [name, value] of Object.entries(constants.values)) {
    const declaration = new RegExp(`(?<=export const ${name}: \\w+ = )\\w+(?=;)`);
    if (!declaration.test(text)) throw new Error(`${path} declares no constant ${name}`);
    text = text.replace(declaration, value);
  }
  return text;
}
