import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../random.mjs';

const size = { vocab: 263, context: 1024, width: 8 };

/** Name → shape of one layer's weights in the hub's GPT-2 layout, (in, out) where there are two. */
const layer = {
  'ln_1.weight': [size.width],
  'ln_1.bias': [size.width],
  'attn.c_attn.weight': [size.width, 3 * size.width],
  'attn.c_attn.bias': [3 * size.width],
  'attn.c_proj.weight': [size.width, size.width],
  'attn.c_proj.bias': [size.width],
  'ln_2.weight': [size.width],
  'ln_2.bias': [size.width],
  'mlp.c_fc.weight': [size.width, 4 * size.width],
  'mlp.c_fc.bias': [4 * size.width],
  'mlp.c_proj.weight': [4 * size.width, size.width],
  'mlp.c_proj.bias': [size.width],
};

/**
 * Writes a checkpoint that knows nothing: one layer of random weights, a token a byte, and a context that holds whole prompts. With
 * labels it has a head for them.
 */
export function writeRandomCheckpoint(folder, labels) {
  mkdirSync(folder, { recursive: true });
  copyFileSync('fixtures/gpt2-entailment-classifier/tokenizer.json', join(folder, 'tokenizer.json'));
  const named = (prefix, shapes) => Object.entries(shapes).map(([name, shape]) => [`${prefix}${name}`, shape]);
  const shapes = [
    ...named('transformer.', { 'wte.weight': [size.vocab, size.width], 'wpe.weight': [size.context, size.width] }),
    ...named('transformer.h.0.', layer),
    ...named('transformer.', { 'ln_f.weight': [size.width], 'ln_f.bias': [size.width] }),
    ...(labels ? [['score.weight', [labels.length, size.width]]] : []),
  ];
  writeFileSync(join(folder, 'model.safetensors'), safetensors(shapes, seeded(1)));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...(labels ? head(labels) : {}) }));
  return folder;
}

const config = {
  architectures: ['GPT2LMHeadModel'],
  model_type: 'gpt2',
  vocab_size: size.vocab,
  n_positions: size.context,
  n_embd: size.width,
  n_layer: 1,
  n_head: 2,
  bos_token_id: 262,
  eos_token_id: 262,
};

const head = (labels) => ({
  architectures: ['GPT2ForSequenceClassification'],
  pad_token_id: 259,
  num_labels: labels.length,
  id2label: Object.fromEntries(labels.entries()),
  label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  gptlet: { startToken: '<|start|>', delimiterToken: '<|delimiter|>', extractToken: '<|extract|>' },
});

/** An 8-byte length, that many bytes of JSON, then all numbers, little-endian as everywhere. */
function safetensors(shapes, random) {
  const header = {};
  let end = 0;
  for (const [name, shape] of shapes) {
    const begin = end;
    end += 4 * shape.reduce((product, one) => product * one, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header).padEnd(Math.ceil(JSON.stringify(header).length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const numbers = Float32Array.from({ length: end / 4 }, () => 2 * random() - 1);
  return Buffer.concat([length, json, Buffer.from(numbers.buffer)]);
}
