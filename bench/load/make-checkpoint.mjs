// Writes a checkpoint of GPT-2's smallest size (124 M parameters) with random weights into a folder: 498 MB in f32.

import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [C, V, T, L] = [768, 50257, 1024, 12];

/** @param {string} folder made if it is not there */
export function makeCheckpoint(folder) {
  mkdirSync(folder, { recursive: true });
  const config = {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    n_layer: L,
    n_head: 12,
    n_embd: C,
    n_positions: T,
    vocab_size: V,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const header = {};
  let end = 0;
  const add = (name, ...shape) => {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  };
  add('wte.weight', V, C);
  add('wpe.weight', T, C);
  for (let layer = 0; layer < L; layer++) {
    for (const [name, ...shape] of [
      ['ln_1.weight', C],
      ['ln_1.bias', C],
      ['attn.c_attn.weight', C, 3 * C],
      ['attn.c_attn.bias', 3 * C],
      ['attn.c_proj.weight', C, C],
      ['attn.c_proj.bias', C],
      ['ln_2.weight', C],
      ['ln_2.bias', C],
      ['mlp.c_fc.weight', C, 4 * C],
      ['mlp.c_fc.bias', 4 * C],
      ['mlp.c_proj.weight', 4 * C, C],
      ['mlp.c_proj.bias', C],
    ])
      add(`h.${layer}.${name}`, ...shape);
  }
  add('ln_f.weight', C);
  add('ln_f.bias', C);
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  // One block of noise again and again: the values do not matter, their spread does.
  const noise = Buffer.from(Float32Array.from({ length: 1 << 20 }, () => (Math.random() - 0.5) * 0.1).buffer);
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, length);
  writeSync(file, text);
  for (let at = 0; at < end; at += noise.length) writeSync(file, noise, 0, Math.min(noise.length, end - at));
  closeSync(file);
}
