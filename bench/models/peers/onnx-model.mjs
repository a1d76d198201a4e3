import { Graph, linear, graphValue as value, writeGraph } from '../../cpu/peers/onnx-graph.mjs';

// Decoders as onnx-community publishes them for transformers.js, with random weights: GroupQueryAttention that turns q and k
// itself, SimplifiedLayerNormalization and, where a residual comes before, SkipSimplifiedLayerNormalization.
// input_ids, attention_mask, past_key_values.N.key|value -> logits of the last token, present.N.key|value.

const microsoft = { domain: 'com.microsoft' };
/** Rows of the tables of cosines and sines, and so the most tokens. */
const positions = 1024;

/**
 * Writes a model of a shape; kind is q8 or q4. Only the last token's logits are computed, which is the peer's best case: models
 * exported without `num_logits_to_keep` compute those of the whole prompt.
 */
export function writeOnnxModel(file, config, kind) {
  const { nLayer, nEmbd: C, nHead, nKvHead, headSize, nInner, vocabSize: V, normEpsilon: epsilon } = config;
  const [A, K] = [nHead * headSize, nKvHead * headSize];
  const g = new Graph();
  const perHead = Object.fromEntries([nHead, nKvHead].map((heads) => [heads, g.integers(0, 0, heads, headSize)]));
  const flat = Object.fromEntries([A, K].map((width) => [width, g.integers(0, 0, width)]));
  const norm = (x, n = C) => g.node('SimplifiedLayerNormalization', [x, g.floats(1, n)], { axis: -1, epsilon });
  const product = (x, inputs, outputs) => linear(g, kind, x, inputs, outputs, false);
  /** The sum of x and what a sub-layer gave, and its norm. */
  const addAndNorm = (x, delta, name) => {
    const outputs = [`${name}_normed`, '', '', `${name}_sum`];
    g.node('SkipSimplifiedLayerNormalization', [x, delta, g.floats(1, C)], { ...microsoft, outputs, epsilon });
    return { normed: outputs[0], sum: outputs[3] };
  };
  const normHeads = (x, heads) => {
    if (config.queryKeyNorm === 'none') return x;
    const normed = norm(g.node('Reshape', [x, perHead[heads]]), headSize);
    return g.node('Reshape', [normed, flat[heads * headSize]]);
  };
  const sandwich = (x) => (config.normPlacement === 'sandwich' ? norm(x) : x);
  const gate = (x) =>
    config.activation === 'silu' ? g.node('Mul', [x, g.node('Sigmoid', [x])]) : g.node('FastGelu', [x], microsoft);

  const { lengths, total } = sequenceLengths(g);
  const tables = rotaryTables(g, config);
  let x = embed(g, config);
  let normed = norm(x);
  for (let i = 0; i < nLayer; i++) {
    const q = normHeads(product(normed, C, A), nHead);
    const k = normHeads(product(normed, C, K), nKvHead);
    const v = product(normed, C, K);
    const past = ['key', 'value'].map((n) => `past_key_values.${i}.${n}`);
    const outputs = [`attention_${i}`, `present.${i}.key`, `present.${i}.value`];
    g.node('GroupQueryAttention', [q, k, v, ...past, lengths, total, ...tables[config.rotary[i].base]], {
      ...microsoft,
      outputs,
      num_heads: nHead,
      kv_num_heads: nKvHead,
      scale: config.attentionScale[i],
      do_rotary: 1,
      rotary_interleaved: 0,
      local_window_size: config.attentionWindow[i] || -1,
    });
    const middle = addAndNorm(x, sandwich(product(outputs[0], A, C)), `attention_${i}`);
    const up = g.node('Mul', [gate(product(middle.normed, C, nInner)), product(middle.normed, C, nInner)]);
    const end = addAndNorm(middle.sum, sandwich(product(up, nInner, C)), `mlp_${i}`);
    [x, normed] = [end.sum, end.normed];
  }
  const last = g.node('Gather', [normed, g.integers(-1)], { axis: 1 });
  g.node('Identity', [product(last, C, V)], { outputs: ['logits'] });

  const cache = (field, prefix, length) =>
    Array.from({ length: nLayer }, (_, i) =>
      ['key', 'value'].flatMap((n) => value(field, `${prefix}.${i}.${n}`, 'f32', ['b', nKvHead, length, headSize])),
    ).flat();
  writeGraph(file, config.architecture, g, [
    ...value(11, 'input_ids', 'i64', ['b', 's']),
    ...value(11, 'attention_mask', 'i64', ['b', 't']),
    ...cache(11, 'past_key_values', 'p'),
    ...value(12, 'logits', 'f32', ['b', 1, V]),
    ...cache(12, 'present', 't'),
  ]);
}

/** For each sequence how many tokens there are behind its first, and of all the most, both as GroupQueryAttention takes them. */
function sequenceLengths(g) {
  const int32 = (x) => g.node('Cast', [x], { to: 6 });
  const sums = g.node('ReduceSum', ['attention_mask', g.integers(1)], { keepdims: 0 });
  const lengths = int32(g.node('Sub', [sums, g.scalar('i64', 1)]));
  const total = int32(g.node('Gather', [g.node('Shape', ['attention_mask']), g.scalar('i64', 1)]));
  return { lengths, total };
}

/** Names of the tables of cosines and sines (positions, headSize / 2), by the base that their angles have. */
function rotaryTables(g, { rotary, headSize }) {
  const table = (turn, base) => {
    const pairs = headSize / 2;
    const values = Float32Array.from({ length: positions * pairs }, (_, i) =>
      turn(Math.floor(i / pairs) * base ** ((-2 * (i % pairs)) / headSize)),
    );
    return g.tensor('f32', [positions, pairs], [Buffer.from(values.buffer)]);
  };
  const bases = new Set(rotary.map(({ base }) => base));
  return Object.fromEntries([...bases].map((base) => [base, [table(Math.cos, base), table(Math.sin, base)]]));
}

/** Rows of an 8-bit table, as onnxruntime's quantiser leaves a Gather; it takes no time either way. */
function embed(g, { vocabSize, nEmbd, embeddingScale }) {
  const row = g.node('Gather', [g.weights('i8', vocabSize, nEmbd), 'input_ids']);
  const x = g.node('DequantizeLinear', [row, g.scalar('f32', 0.0005)]);
  return embeddingScale === 1 ? x : g.node('Mul', [x, g.scalar('f32', embeddingScale)]);
}
