import { lengthOf } from './noise.mjs';

// As much of the protobuf wire format as an ONNX file needs. A message is a list of buffers.

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field that holds bytes: text, a buffer or a message (list of buffers). */
export function bytes(field, value) {
  const parts = typeof value === 'string' ? [Buffer.from(value)] : Array.isArray(value) ? value : [value];
  return [varint((field << 3) | 2), varint(lengthOf(parts)), ...parts];
}

export const integer = (field, value) => [varint(field << 3), varint(value)];

export function float(field, value) {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return [varint((field << 3) | 5), four];
}
