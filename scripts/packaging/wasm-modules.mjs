// The WebAssembly modules: folder of the sources in wasm/ (and target in wasm/asconfig.json), where the text goes, and the
// constant in which modules of the same sources differ.
const kernels = (dtype) => ({
  folder: 'kernels',
  out: `sdk/backends/wasm/kernels-${dtype}-wasm.gen.ts`,
  constant: { file: 'wasm/kernels/dtype.ts', name: 'DTYPE', value: dtype.toUpperCase() },
});

const tokenizer = (name, everyKind) => ({
  folder: 'tokenizer',
  out: `sdk/tokenizer/${name}-wasm.gen.ts`,
  constant: { file: 'wasm/tokenizer/variant.ts', name: 'EVERY_KIND', value: everyKind },
});

export const wasmModules = [
  tokenizer('tokenizer', 'false'),
  tokenizer('every-kind', 'true'),
  { folder: 'sampler', out: 'sdk/sampler/sampler-wasm.gen.ts' },
  kernels('q8'),
  kernels('f32'),
  kernels('q4'),
];
