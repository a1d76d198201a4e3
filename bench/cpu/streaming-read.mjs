import asc from 'assemblyscript/asc';

/** The SIMD sum compiled: bytes of a module that imports env.memory and exports sum(from, bytes). */
export async function compileStreamingRead(folder) {
  const out = `${folder}/streaming-read.wasm`;
  const source = new URL('streaming-read.as', import.meta.url).pathname;
  const { error, stderr } = await asc.main(
    [
      'entry.ts',
      '--outFile',
      'out.wasm',
      '-O3',
      '--enable',
      'simd',
      '--importMemory',
      '--runtime',
      'stub',
      '--noAssert',
    ],
    await memoryFiles(source, out),
  );
  if (error) throw new Error(stderr.toString());
  const { readFile } = await import('node:fs/promises');
  return readFile(out);
}

async function memoryFiles(source, out) {
  const { readFile, writeFile } = await import('node:fs/promises');
  const text = await readFile(source, 'utf8');
  return {
    readFile: (name) => (name === 'entry.ts' ? text : null),
    writeFile: (name, data) => (name === 'out.wasm' ? writeFile(out, data) : undefined),
    listFiles: () => [],
  };
}
