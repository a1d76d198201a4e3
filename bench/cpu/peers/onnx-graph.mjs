import { noise, repeat, writeParts } from './noise.mjs';
import { bytes, float, integer } from './protobuf.mjs';

const types = { f32: 1, u8: 2, i8: 3, i64: 7 };
/** An ONNX graph with random weights, in operators that onnxruntime-web runs. */
export class Graph {
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

  /** A constant of which `data` are the bytes, in buffers. */
  tensor(type, dims, data) {
    const name = `c${++this.#count}`;
    const head = [...dims.flatMap((d) => integer(1, d)), ...integer(2, types[type]), ...bytes(8, name)];
    this.constants.push(bytes(5, [...head, ...bytes(9, data)]));
    return name;
  }

  weights(type, ...dims) {
    const size = dims.reduce((a, b) => a * b) * (type === 'f32' ? 4 : 1);
    return this.tensor(type, dims, repeat(this.#noise[type === 'f32' ? 'f32' : 'i8'], size));
  }

  floats(value, ...dims) {
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value);
    return this.tensor('f32', dims, [Buffer.from(data.buffer)]);
  }

  integers(...values) {
    return this.tensor('i64', [values.length], [Buffer.from(BigInt64Array.from(values, BigInt).buffer)]);
  }

  scalar(type, value) {
    const array =
      type === 'i64' ? BigInt64Array.of(BigInt(value)) : type === 'i8' ? Int8Array.of(value) : Float32Array.of(value);
    return this.tensor(type, [], [Buffer.from(array.buffer)]);
  }
}

/**
 * x (…, inputs) -> (…, outputs), in the operators of the kind: f32, q8 (DynamicQuantizeLinear + MatMulInteger) or q4
 * (MatMulNBits with blocks of 32), as transformers.js's quantiser makes them.
 */
export function linear(g, kind, x, inputs, outputs, bias = true) {
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

/** An input (field 11) or output (field 12) of a graph; dims are numbers or names. */
export function graphValue(field, name, type, dims) {
  const shape = dims.flatMap((d) => bytes(1, typeof d === 'number' ? integer(1, d) : bytes(2, d)));
  return bytes(field, [...bytes(1, name), ...bytes(2, bytes(1, [...integer(1, types[type]), ...bytes(2, shape)]))]);
}

/** Writes a graph with its inputs and outputs as a model file. */
export function writeGraph(file, name, g, values) {
  const graph = [...g.nodes.flat(), ...bytes(2, name), ...g.constants.flat(), ...values];
  const opset = (domain, version) => bytes(8, [...bytes(1, domain), ...integer(2, version)]);
  writeParts(file, [...integer(1, 8), ...opset('', 17), ...opset('com.microsoft', 1), ...bytes(7, graph)]);
}
