import { lengthOf, noise, repeat, writeParts } from './noise.mjs';

// A GPT-2 in GGUF, for wllama (llama.cpp), with a vocabulary of the right size made up on the spot: the 256 bytes
// and 50,001 words that no text contains, so that a letter is a token.

const [L, C, V, nCtx] = [12, 768, 50257, 1024];
const kinds = { f32: 0, q4_0: 2, q8_0: 8 };
const valueTypes = { u32: 4, i32: 5, f32: 6, string: 8, array: 9 };

const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value) => {
  const data = Buffer.from(value);
  return Buffer.concat([u64(data.length), data]);
};

const entry = (key, type, value) => Buffer.concat([text(key), u32(valueTypes[type]), value]);
const list = (key, type, values, encode) =>
  entry(key, 'array', Buffer.concat([u32(valueTypes[type]), u64(values.length), ...values.map(encode)]));

/** GPT-2's printable letter for every byte (Radford et al., 2019). */
function byteLetters() {
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
  let next = 256;
  return range(0, 255).map((byte) => String.fromCodePoint(printable.includes(byte) ? byte : next++));
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function vocabulary() {
  const letters = byteLetters();
  return [...letters, letters[1] + letters[2], ...range(257, V - 1).map((i) => `<word ${i}>`)];
}

/** Blocks of 32 weights: an f16 scale, then 32 i8 or 16 bytes of nibbles. */
function quantisedNoise(kind) {
  const blockBytes = kind === 'q8_0' ? 34 : 18;
  const data = noise('i8', blockBytes * 32 * 1024);
  for (let at = 0; at < data.length; at += blockBytes) data.writeUInt16LE(kind === 'q8_0' ? 0x0e8d : 0x1a25, at);
  return data;
}

/** Writes the model; kind is q8_0 or q4_0. */
export function writeGgufModel(file, kind) {
  const tokens = vocabulary();
  const meta = [
    entry('general.architecture', 'string', text('gpt2')),
    entry('general.name', 'string', text('random weights')),
    entry('gpt2.context_length', 'u32', u32(nCtx)),
    entry('gpt2.embedding_length', 'u32', u32(C)),
    entry('gpt2.feed_forward_length', 'u32', u32(4 * C)),
    entry('gpt2.block_count', 'u32', u32(L)),
    entry('gpt2.attention.head_count', 'u32', u32(12)),
    entry('gpt2.attention.layer_norm_epsilon', 'f32', Buffer.from(Float32Array.of(1e-5).buffer)),
    entry('general.file_type', 'u32', u32(kind === 'q8_0' ? 7 : 2)),
    entry('tokenizer.ggml.model', 'string', text('gpt2')),
    entry('tokenizer.ggml.pre', 'string', text('gpt-2')),
    list('tokenizer.ggml.tokens', 'string', tokens, text),
    list(
      'tokenizer.ggml.token_type',
      'i32',
      tokens.map(() => 1),
      u32,
    ),
    list('tokenizer.ggml.merges', 'string', [`${tokens[1]} ${tokens[2]}`], text),
    entry('tokenizer.ggml.bos_token_id', 'u32', u32(V - 1)),
    entry('tokenizer.ggml.eos_token_id', 'u32', u32(V - 1)),
  ];
  const blocks = { f32: noise('f32', 1 << 20), [kind]: quantisedNoise(kind) };
  const bytesOf = { f32: 4, q8_0: 34 / 32, q4_0: 18 / 32 };
  const tensors = [];
  const matrix = (name, rows, columns, type = kind) =>
    tensors.push({ name, dims: [columns, rows], type, parts: repeat(blocks[type], rows * columns * bytesOf[type]) });
  const vector = (name, n, value) => {
    const data = Buffer.from(new Float32Array(n).fill(value).buffer);
    tensors.push({ name, dims: [n], type: 'f32', parts: [data] });
  };
  matrix('token_embd.weight', V, C);
  matrix('position_embd.weight', nCtx, C, 'f32');
  vector('output_norm.weight', C, 1);
  vector('output_norm.bias', C, 0);
  for (let i = 0; i < L; i++) {
    const linear = (name, outputs, inputs) => {
      matrix(`blk.${i}.${name}.weight`, outputs, inputs);
      vector(`blk.${i}.${name}.bias`, outputs, 0);
    };
    for (const name of ['attn_norm', 'ffn_norm']) {
      vector(`blk.${i}.${name}.weight`, C, 1);
      vector(`blk.${i}.${name}.bias`, C, 0);
    }
    linear('attn_qkv', 3 * C, C);
    linear('attn_output', C, C);
    linear('ffn_up', 4 * C, C);
    linear('ffn_down', C, 4 * C);
  }
  matrix('output.weight', V, C);

  const pad = (length) => Buffer.alloc((32 - (length % 32)) % 32);
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(meta.length), ...meta];
  const data = [];
  let offset = 0;
  for (const { name, dims, type, parts } of tensors) {
    head.push(text(name), u32(dims.length), ...dims.map(u64), u32(kinds[type]), u64(offset));
    const length = lengthOf(parts);
    data.push(...parts, pad(length));
    offset += length + pad(length).length;
  }
  writeParts(file, [...head, pad(lengthOf(head)), ...data]);
}
