import { lengthOf, noise, repeat, writeParts } from './noise.mjs';

// GGUF files with random weights, for wllama (llama.cpp) and gemma-webgpu: what they hold is told by gguf-model.mjs of a suite.

/**
 * Kinds of matrices: their number in a file, and of those in blocks how many weights and bytes one has, where its scale
 * stands and the f16 of a scale that keeps weights within about ±0.05.
 */
const kinds = {
  f32: { id: 0, weights: 1, bytes: 4 },
  q4_0: { id: 2, weights: 32, bytes: 18, scaleAt: 0, scale: 0x1a25 },
  q8_0: { id: 8, weights: 32, bytes: 34, scaleAt: 0, scale: 0x0e8d },
  q6_k: { id: 14, weights: 256, bytes: 210, scaleAt: 208, scale: 0x00c9 },
};
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 };

const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value) => {
  const data = Buffer.from(value);
  return Buffer.concat([u64(data.length), data]);
};
const encoders = {
  u32,
  i32: u32,
  f32: (value) => Buffer.from(Float32Array.of(value).buffer),
  bool: (value) => Buffer.of(value ? 1 : 0),
  string: text,
};

/** A value of the header; `type` is u32, i32, f32, bool or string. */
export const entry = (key, type, value) => Buffer.concat([text(key), u32(valueTypes[type]), encoders[type](value)]);

/** A list of values in the header. */
export const list = (key, type, values) =>
  Buffer.concat([
    text(key),
    u32(valueTypes.array),
    u32(valueTypes[type]),
    u64(values.length),
    ...values.map(encoders[type]),
  ]);

/** Where the letter of a byte stands: behind the first 256 ids, of which families give some a meaning. */
const firstByte = 256;

/**
 * The entries of a tokenizer with `size` tokens, made up on the spot: the 256 bytes and words that no text contains, so that
 * a letter is a token. `named` are tokens that have a name, by id.
 */
export function tokenizerEntries(size, pre, named = {}) {
  const letters = byteLetters();
  const tokens = Array.from({ length: size }, (_, id) => named[id] ?? letters[id - firstByte] ?? `<word ${id}>`);
  const [a, b] = letters.slice(1);
  tokens[firstByte + letters.length] = a + b;
  return [
    entry('tokenizer.ggml.model', 'string', 'gpt2'),
    entry('tokenizer.ggml.pre', 'string', pre),
    list('tokenizer.ggml.tokens', 'string', tokens),
    list(
      'tokenizer.ggml.token_type',
      'i32',
      tokens.map(() => 1),
    ),
    list('tokenizer.ggml.merges', 'string', [`${a} ${b}`]),
    entry('tokenizer.ggml.bos_token_id', 'u32', size - 1),
    entry('tokenizer.ggml.eos_token_id', 'u32', size - 1),
    entry('tokenizer.ggml.add_bos_token', 'bool', false),
  ];
}

/** GPT-2's printable letter for every byte (Radford et al., 2019). */
function byteLetters() {
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
  let next = 256;
  return range(0, 255).map((byte) => String.fromCodePoint(printable.includes(byte) ? byte : next++));
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Tensors with random weights. `kind` of the matrices is f32, q8_0, q6_k or q4_0. */
export class GgufTensors {
  list = [];
  #blocks = {};

  matrix(name, rows, columns, kind) {
    this.#blocks[kind] ??= kind === 'f32' ? noise('f32', 1 << 20) : quantisedNoise(kind);
    const { weights, bytes } = kinds[kind];
    const parts = repeat(this.#blocks[kind], (rows * columns * bytes) / weights);
    this.list.push({ name, dims: [columns, rows], kind, parts });
  }

  vector(name, n, value) {
    const parts = [Buffer.from(new Float32Array(n).fill(value).buffer)];
    this.list.push({ name, dims: [n], kind: 'f32', parts });
  }

  get bytes() {
    return this.list.reduce((sum, { parts }) => sum + lengthOf(parts), 0);
  }
}

/** A megabyte or more of blocks: all noise but for their scales. */
function quantisedNoise(kind) {
  const { bytes, scaleAt, scale } = kinds[kind];
  const data = noise('i8', bytes * 32 * 1024);
  for (let at = scaleAt; at < data.length; at += bytes) data.writeUInt16LE(scale, at);
  return data;
}

/** Writes header entries and tensors as a file. */
export function writeGguf(file, entries, tensors) {
  const pad = (length) => Buffer.alloc((32 - (length % 32)) % 32);
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.list.length), u64(entries.length), ...entries];
  const data = [];
  let offset = 0;
  for (const { name, dims, kind, parts } of tensors.list) {
    head.push(text(name), u32(dims.length), ...dims.map(u64), u32(kinds[kind].id), u64(offset));
    const length = lengthOf(parts);
    data.push(...parts, pad(length));
    offset += length + pad(length).length;
  }
  writeParts(file, [...head, pad(lengthOf(head)), ...data]);
}
