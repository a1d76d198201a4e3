import { Graph, linear, graphValue as value, writeGraph } from './onnx-graph.mjs';

// A GPT-2 decoder with key-value inputs and outputs as transformers.js expects, for onnxruntime-web:
// input_ids, attention_mask, position_ids, past_key_values.N.key|value -> logits, present.N.key|value.

const [L, C, NH, V, nCtx] = [12, 768, 12, 50257, 1024];

/** True where a key stands after the query. */
function causalMask(g) {
  const length = g.node('Gather', [g.node('Shape', ['attention_mask']), g.scalar('i64', 1)]);
  const range = g.node('Range', [g.scalar('i64', 0), length, g.scalar('i64', 1)]);
  const keys = g.node('Reshape', [range, g.integers(1, 1, 1, -1)]);
  const queries = g.node('Unsqueeze', ['position_ids', g.integers(1, 3)]);
  return g.node('Where', [g.node('Greater', [keys, queries]), g.scalar('f32', -1e9), g.scalar('f32', 0)]);
}

/** Writes the model; kind is f32, q8 or q4. */
export function writeOnnxModel(file, kind) {
  const g = new Graph();
  const norm = (x) => g.node('LayerNormalization', [x, g.floats(1, C), g.floats(0, C)], { axis: -1, epsilon: 1e-5 });
  const position = g.node('Gather', [g.weights('f32', nCtx, C), 'position_ids']);
  let x = g.node('Add', [g.node('Gather', [g.weights('f32', V, C), 'input_ids']), position]);
  const [heads, flat, parts] = [g.integers(0, 0, NH, C / NH), g.integers(0, 0, C), g.integers(C, C, C)];
  const [mask, scale] = [causalMask(g), g.scalar('f32', 0.125)];
  for (let i = 0; i < L; i++) {
    const names = ['q', 'k', 'v'].map((n) => `${n}${i}`);
    g.node('Split', [linear(g, kind, norm(x), C, 3 * C), parts], { outputs: names, axis: -1 });
    const [q, k, v] = names.map((n) => g.node('Transpose', [g.node('Reshape', [n, heads])], { perm: [0, 2, 1, 3] }));
    g.node('Concat', [`past_key_values.${i}.key`, k], { outputs: [`present.${i}.key`], axis: 2 });
    g.node('Concat', [`past_key_values.${i}.value`, v], { outputs: [`present.${i}.value`], axis: 2 });
    const transposed = g.node('Transpose', [`present.${i}.key`], { perm: [0, 1, 3, 2] });
    const scores = g.node('Add', [g.node('Mul', [g.node('MatMul', [q, transposed]), scale]), mask]);
    const mixed = g.node('MatMul', [g.node('Softmax', [scores], { axis: -1 }), `present.${i}.value`]);
    const joined = g.node('Reshape', [g.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }), flat]);
    x = g.node('Add', [x, linear(g, kind, joined, C, C)]);
    const up = g.node('Gelu', [linear(g, kind, norm(x), C, 4 * C)], { domain: 'com.microsoft' });
    x = g.node('Add', [x, linear(g, kind, up, 4 * C, C)]);
  }
  g.node('Identity', [linear(g, kind, norm(x), C, V, false)], { outputs: ['logits'] });

  const cache = (field, prefix, length) =>
    Array.from({ length: L }, (_, i) =>
      ['key', 'value'].flatMap((n) => value(field, `${prefix}.${i}.${n}`, 'f32', ['b', NH, length, C / NH])),
    ).flat();
  writeGraph(file, 'gpt2', g, [
    ...value(11, 'input_ids', 'i64', ['b', 's']),
    ...value(11, 'attention_mask', 'i64', ['b', 't']),
    ...value(11, 'position_ids', 'i64', ['b', 's']),
    ...cache(11, 'past_key_values', 'p'),
    ...value(12, 'logits', 'f32', ['b', 's', V]),
    ...cache(12, 'present', 't'),
  ]);
}
