// The WebAssembly modules: folder of the sources in wasm/ (and target in wasm/asconfig.json), its file that exports, folders that
// those import from, where the text goes, and the constants in which modules of the same sources differ.
const kernels = (name, constants) => ({
  folder: 'kernels',
  entry: constants.FAMILIES === 'false' ? 'index.ts' : 'families.ts',
  imports: ['quantising'],
  out: `sdk/backends/wasm/kernels-${name}-wasm.gen.ts`,
  constants: { file: 'wasm/kernels/dtype.ts', values: constants },
});

const tokenizer = (name, everyKind) => ({
  folder: 'tokenizer',
  out: `sdk/tokenizer/${name}-wasm.gen.ts`,
  constants: { file: 'wasm/tokenizer/variant.ts', values: { EVERY_KIND: everyKind } },
});

export const wasmModules = [
  tokenizer('tokenizer', 'false'),
  tokenizer('every-kind', 'true'),
  { folder: 'quantising', out: 'sdk/quantising/quantising-wasm.gen.ts' },
  { folder: 'unpacking', out: 'sdk/checkpoint/gguf/unpacking-wasm.gen.ts' },
  { folder: 'sampler', out: 'sdk/sampler/sampler-wasm.gen.ts' },
  kernels('q8', { BYTE_DOTS: 'true', FAMILIES: 'false' }),
  kernels('q8-families', { BYTE_DOTS: 'true' }),
  kernels('q8-pairs', { BYTE_PAIRS: 'true' }),
  kernels('q8-plain', {}),
  kernels('f32', { DTYPE: 'F32' }),
  kernels('q4', { DTYPE: 'Q4', BYTE_DOTS: 'true' }),
  kernels('q4-pairs', { DTYPE: 'Q4', BYTE_PAIRS: 'true' }),
  kernels('q4-plain', { DTYPE: 'Q4' }),
  { folder: 'gradients', imports: ['kernels'], out: 'sdk/gradients/wasm/gradients-wasm.gen.ts' },
];
