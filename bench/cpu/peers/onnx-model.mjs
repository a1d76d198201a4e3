import { noise, repeat, writeParts } from './noise.mjs';
import { bytes, float, integer } from './protobuf.mjs';

// A GPT-2 decoder with key-value inputs and outputs as transformers.js expects, for onnxruntime-web:
// input_ids, attention_mask, position_ids, past_key_values.N.key|value -> logits, present.N.key|value.
// q8 is DynamicQuantizeLinear + MatMulInteger, q4 is MatMulNBits with blocks of 32, as its quantiser makes them.

const types = { f32: 1, u8: 2, i8: 3, i64: 7 };
const [L, C, NH, V, nCtx] = [12, 768, 12, 50257, 1024];

class Graph {
  nodes = [];
  constants = [];
  #count = 0;
  #noise = { f32: noise('f32', 1 << 20), i8: noise('i8', 1 << 20) };

  node(op, inputs, { outputs, domain = '', ...attributes } = {}) {
    const names = outputs ?? [`${op}_${++this.#count}`];
    const node = inputs.flatMap((name) => bytes(1, name));
    for (const name of names) node.push(...bytes(2, name));
    node.push(...bytes(4, op), ...(domain ? bytes(7, domain) : []));
    for (const [name, value] of Object.entries(attributes)) {
      const typed = Array.isArray(value)
        ? [...value.flatMap((v) => integer(8, v)), ...integer(20, 7)]
        : Number.isInteger(value)
          ? [...integer(3, value < 0 ? BigInt.asUintN(64, BigInt(value)) : value), ...integer(20, 2)]
          : [...float(2, value), ...integer(20, 1)];
      node.push(...bytes(5, [...bytes(1, name), ...typed]));
    }
    this.nodes.push(bytes(1, node));
    return names[0];
  }

  #tensor(type, dims, data) {
    const name = `c${++this.#count}`;
    const head = [...dims.flatMap((d) => integer(1, d)), ...integer(2, types[type]), ...bytes(8, name)];
    this.constants.push(bytes(5, [...head, ...bytes(9, data)]));
    return name;
  }

  weights(type, ...dims) {
    const size = dims.reduce((a, b) => a * b) * (type === 'f32' ? 4 : 1);
    return this.#tensor(type, dims, repeat(this.#noise[type === 'f32' ? 'f32' : 'i8'], size));
  }

  floats(value, ...dims) {
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value);
    return this.#tensor('f32', dims, [Buffer.from(data.buffer)]);
  }

  integers(...values) {
    return this.#tensor('i64', [values.length], [Buffer.from(BigInt64Array.from(values, BigInt).buffer)]);
  }

  scalar(type, value) {
    const array =
      type === 'i64' ? BigInt64Array.of(BigInt(value)) : type === 'i8' ? Int8Array.of(value) : Float32Array.of(value);
    return this.#tensor(type, [], [Buffer.from(array.buffer)]);
  }
}

/** x (…, inputs) -> (…, outputs), in the operators of the kind. */
function linear(g, kind, x, inputs, outputs, bias = true) {
  let y;
  if (kind === 'f32') y = g.node('MatMul', [x, g.weights('f32', inputs, outputs)]);
  else if (kind === 'q8') {
    const q = g.node('DynamicQuantizeLinear', [x], { outputs: ['q', 's', 'z'].map((n) => `${n}_${g.nodes.length}`) });
    const [scale, zero] = [q.replace('q_', 's_'), q.replace('q_', 'z_')];
    const product = g.node('MatMulInteger', [q, g.weights('i8', inputs, outputs), zero, g.scalar('i8', 0)]);
    y = g.node('Mul', [g.node('Cast', [product], { to: 1 }), g.node('Mul', [scale, g.scalar('f32', 0.0005)])]);
  } else {
    const blocks = inputs / 32;
    const inits = [x, g.weights('u8', outputs, blocks, 16), g.floats(0.006, outputs * blocks)];
    y = g.node('MatMulNBits', inits, {
      domain: 'com.microsoft',
      K: inputs,
      N: outputs,
      bits: 4,
      block_size: 32,
      accuracy_level: 4,
    });
  }
  return bias ? g.node('Add', [y, g.floats(0, outputs)]) : y;
}

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

  const value = (field, name, type, dims) => {
    const shape = dims.flatMap((d) => bytes(1, typeof d === 'number' ? integer(1, d) : bytes(2, d)));
    return bytes(field, [...bytes(1, name), ...bytes(2, bytes(1, [...integer(1, types[type]), ...bytes(2, shape)]))]);
  };
  const cache = (field, prefix, length) =>
    Array.from({ length: L }, (_, i) =>
      ['key', 'value'].flatMap((n) => value(field, `${prefix}.${i}.${n}`, 'f32', ['b', NH, length, C / NH])),
    ).flat();
  const graph = [
    ...g.nodes.flat(),
    ...bytes(2, 'gpt2'),
    ...g.constants.flat(),
    ...value(11, 'input_ids', 'i64', ['b', 's']),
    ...value(11, 'attention_mask', 'i64', ['b', 't']),
    ...value(11, 'position_ids', 'i64', ['b', 's']),
    ...cache(11, 'past_key_values', 'p'),
    ...value(12, 'logits', 'f32', ['b', 's', V]),
    ...cache(12, 'present', 't'),
  ];
  const opset = (domain, version) => bytes(8, [...bytes(1, domain), ...integer(2, version)]);
  writeParts(file, [...integer(1, 8), ...opset('', 17), ...opset('com.microsoft', 1), ...bytes(7, graph)]);
}
