// Compiles the AssemblyScript modules and writes each, as text, into the TypeScript file that loads it, so that a bundler sees nothing but JavaScript. Usage: node scripts/build-wasm.mjs [target …]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import { packBytes } from './packaging/pack-bytes.mjs';

/** Target in wasm/asconfig.json → its entry file and where the text goes. */
const modules = {
  tokenizer: { entry: 'wasm/tokenizer/index.ts', out: 'sdk/tokenizer/tokenizer-wasm.gen.ts' },
  sampler: { entry: 'wasm/sampler/index.ts', out: 'sdk/sampler/sampler-wasm.gen.ts' },
  kernels: { entry: 'wasm/kernels/index.ts', out: 'sdk/backends/wasm/kernels-wasm.gen.ts' },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(modules);
mkdirSync('build/wasm', { recursive: true });
for (const name of wanted) {
  const { entry, out } = modules[name];
  const binary = `build/wasm/${name}.wasm`;
  const { error, stderr } = await asc.main([
    entry,
    '--config',
    'wasm/asconfig.json',
    '--target',
    name,
    '--outFile',
    binary,
    '--textFile',
    binary.replace('.wasm', '.wat'),
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  const bytes = readFileSync(binary);
  writeFileSync(
    out,
    `// Made by scripts/build-wasm.mjs from ${entry}.\nexport const ${name}Wasm: string =\n  '${packBytes(bytes)}';\n`,
  );
  console.log(`${name}: ${bytes.length} bytes`);
}
