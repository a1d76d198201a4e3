import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph, graphValue, linear, writeGraph } from '../cpu/peers/onnx-graph.mjs';

/** Files of a DistilBERT classifier with random weights as transformers.js loads them: its own kind for this task. */
export function writeDistilBert(folder, { L, C, NH, nCtx }, words, kinds) {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const vocab = Object.fromEntries([...specials, ...words].map((word, id) => [word, id]));
  const json = (name, value) => writeFileSync(join(folder, name), JSON.stringify(value));
  json('config.json', {
    model_type: 'distilbert',
    architectures: ['DistilBertForSequenceClassification'],
    dim: C,
    n_layers: L,
    n_heads: NH,
    hidden_dim: 4 * C,
    max_position_embeddings: nCtx,
    vocab_size: Object.keys(vocab).length,
    id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
    label2id: { NEGATIVE: 0, POSITIVE: 1 },
  });
  json('tokenizer_config.json', {
    tokenizer_class: 'DistilBertTokenizer',
    do_lower_case: true,
    model_max_length: nCtx,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  });
  json('tokenizer.json', tokenizer(vocab, specials));
  for (const [kind, file] of Object.entries(kinds))
    writeGraph(
      join(folder, 'onnx', file),
      'distilbert',
      ...graph(kind, { L, C, NH, nCtx, V: Object.keys(vocab).length }),
    );
}

function tokenizer(vocab, specials) {
  const special = (id) => ({ [id]: { id, ids: [vocab[id]], tokens: [id] } });
  const sequence = (id, type_id) => ({ Sequence: { id, type_id } });
  const mark = (id) => ({ SpecialToken: { id, type_id: 0 } });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content) => ({ id: vocab[content], content, ...flags })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [mark('[CLS]'), sequence('A', 0), mark('[SEP]')],
      pair: [mark('[CLS]'), sequence('A', 0), mark('[SEP]'), sequence('B', 1)],
      special_tokens: { ...special('[CLS]'), ...special('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

/** input_ids, attention_mask (b, s) -> logits (b, 2); blocks with the norm after each sum, as BERT's. */
function graph(kind, { L, C, NH, nCtx, V }) {
  const g = new Graph();
  const norm = (x) => g.node('LayerNormalization', [x, g.floats(1, C), g.floats(0, C)], { axis: -1, epsilon: 1e-12 });
  const length = g.node('Gather', [g.node('Shape', ['input_ids']), g.scalar('i64', 1)]);
  const positions = g.node('Range', [g.scalar('i64', 0), length, g.scalar('i64', 1)]);
  const place = g.node('Gather', [g.weights('f32', nCtx, C), positions]);
  let x = norm(g.node('Add', [g.node('Gather', [g.weights('f32', V, C), 'input_ids']), place]));
  const seen = g.node('Unsqueeze', ['attention_mask', g.integers(1, 2)]);
  const hidden = g.node('Equal', [seen, g.scalar('i64', 0)]);
  const mask = g.node('Where', [hidden, g.scalar('f32', -1e9), g.scalar('f32', 0)]);
  const [heads, flat] = [g.integers(0, 0, NH, C / NH), g.integers(0, 0, C)];
  const scale = g.scalar('f32', (C / NH) ** -0.5);
  for (let i = 0; i < L; i++) {
    const [q, k, v] = [0, 1, 2].map(() => {
      const part = g.node('Reshape', [linear(g, kind, x, C, C), heads]);
      return g.node('Transpose', [part], { perm: [0, 2, 1, 3] });
    });
    const products = g.node('MatMul', [q, g.node('Transpose', [k], { perm: [0, 1, 3, 2] })]);
    const scores = g.node('Add', [g.node('Mul', [products, scale]), mask]);
    const mixed = g.node('MatMul', [g.node('Softmax', [scores], { axis: -1 }), v]);
    const joined = g.node('Reshape', [g.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }), flat]);
    x = norm(g.node('Add', [x, linear(g, kind, joined, C, C)]));
    const up = g.node('Gelu', [linear(g, kind, x, C, 4 * C)], { domain: 'com.microsoft' });
    x = norm(g.node('Add', [x, linear(g, kind, up, 4 * C, C)]));
  }
  const first = g.node('Gather', [x, g.scalar('i64', 0)], { axis: 1 });
  const pooled = g.node('Relu', [linear(g, kind, first, C, C)]);
  g.node('Identity', [linear(g, kind, pooled, C, 2)], { outputs: ['logits'] });
  const ids = ['input_ids', 'attention_mask'].flatMap((name) => graphValue(11, name, 'i64', ['b', 's']));
  return [g, [...ids, ...graphValue(12, 'logits', 'f32', ['b', 2])]];
}
