// The WebAssembly modules: folder of the sources in wasm/ (and target in wasm/asconfig.json), folders that those import from,
// where the text goes, and the constant in which modules of the same sources differ.
const kernels = (name, constant, value) => ({
  folder: 'kernels',
  imports: ['quantising'],
  out: `sdk/backends/wasm/kernels-${name}-wasm.gen.ts`,
  constant: { file: 'wasm/kernels/dtype.ts', name: constant, value },
});

const tokenizer = (name, everyKind) => ({
  folder: 'tokenizer',
  out: `sdk/tokenizer/${name}-wasm.gen.ts`,
  constant: { file: 'wasm/tokenizer/variant.ts', name: 'EVERY_KIND', value: everyKind },
});

export const wasmModules = [
  tokenizer('tokenizer', 'false'),
  tokenizer('every-kind', 'true'),
  { folder: 'quantising', out: 'sdk/quantising/quantising-wasm.gen.ts' },
  { folder: 'unpacking', out: 'sdk/checkpoint/gguf/unpacking-wasm.gen.ts' },
  { folder: 'sampler', out: 'sdk/sampler/sampler-wasm.gen.ts' },
  kernels('q8', 'BYTE_DOTS', 'true'),
  kernels('q8-plain', 'BYTE_DOTS', 'false'),
  kernels('f32', 'DTYPE', 'F32'),
  kernels('q4', 'DTYPE', 'Q4'),
];
