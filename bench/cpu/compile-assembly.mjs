import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

/**
 * NAME.as of this folder compiled: bytes of a module, which are also left in `folder` as NAME.wasm.
 * @param {string[]} flags of the compiler
 */
export async function compileAssembly(name, folder, flags) {
  const text = readFileSync(new URL(`${name}.as`, import.meta.url), 'utf8');
  const out = `${folder}/${name}.wasm`;
  const { error, stderr } = await asc.main(
    ['entry.ts', '--outFile', 'out.wasm', '-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', ...flags],
    {
      readFile: (name) => (name === 'entry.ts' ? text : null),
      writeFile: (name, data) => (name === 'out.wasm' ? writeFileSync(out, data) : undefined),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  return readFileSync(out);
}
