// Rollup plugin: besides the bundle itself, a module that exports the bundle's source as a string. Bundlers that
// emit no file for `new URL('./worker.js', import.meta.url)` still bundle that module.
export function inlineSource(fileName) {
  return {
    name: 'inline-source',
    // Minifying happens in renderChunk: by now the code is what is written to disk.
    generateBundle(_options, bundle) {
      const [chunk] = Object.values(bundle).filter((output) => output.type === 'chunk');
      const source = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
      this.emitFile({ type: 'asset', fileName, source: `export const workerSource = ${JSON.stringify(source)};\n` });
    },
  };
}
