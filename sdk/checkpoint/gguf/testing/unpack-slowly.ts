// The slow twin of wasm/unpacking: each weight by itself, by the formula of its format, in double precision.

/** Weight `index` of a row of a type, by ggml's number. */
export function weightOf(type: number, row: Uint8Array, index: number): number {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  switch (type) {
    case 0:
      return view.getFloat32(4 * index, true);
    case 1:
      return half(view, 2 * index);
    case 30: {
      const upper = new DataView(new ArrayBuffer(4));
      upper.setUint16(2, view.getUint16(2 * index, true), true);
      return upper.getFloat32(0, true);
    }
  }
  const { weights, bytes } = blocks[type];
  return blocks[type].weight(
    new DataView(view.buffer, view.byteOffset + Math.floor(index / weights) * bytes, bytes),
    index % weights,
  );
}

interface BlockFormat {
  readonly weights: number;
  readonly bytes: number;
  weight(block: DataView, index: number): number;
}

/** Four bits of weight i of 32, in 16 bytes from `at` on. */
const nibble = (block: DataView, at: number, i: number): number =>
  i < 16 ? block.getUint8(at + i) % 16 : Math.floor(block.getUint8(at + i - 16) / 16);
const bit = (block: DataView, at: number, i: number): number =>
  Math.floor(block.getUint8(at + Math.floor(i / 8)) / 2 ** (i % 8)) % 2;

/** The six bits of number `i` of eight scales and eight minima, packed in 12 bytes: low six bits of 8 bytes, then nibbles and the high bits of those. */
function six(block: DataView, i: number, isMinimum: boolean): number {
  const byte = (at: number): number => block.getUint8(4 + at);
  if (i < 4) return byte(isMinimum ? i + 4 : i) % 64;
  const low = isMinimum ? Math.floor(byte(i + 4) / 16) : byte(i + 4) % 16;
  return low + 16 * Math.floor(byte(isMinimum ? i : i - 4) / 64);
}

/** Byte that holds the nibble of weight i of 256, in 32-byte runs for 64 weights each; whether it is the high one. */
const nibbleOf256 = (block: DataView, at: number, i: number): number => {
  const byte = block.getUint8(at + 32 * Math.floor(i / 64) + (i % 32));
  return i % 64 < 32 ? byte % 16 : Math.floor(byte / 16);
};

const blocks: Readonly<Record<number, BlockFormat>> = {
  2: { weights: 32, bytes: 18, weight: (b, i) => half(b, 0) * (nibble(b, 2, i) - 8) },
  3: { weights: 32, bytes: 20, weight: (b, i) => half(b, 0) * nibble(b, 4, i) + half(b, 2) },
  6: { weights: 32, bytes: 22, weight: (b, i) => half(b, 0) * (nibble(b, 6, i) + 16 * bit(b, 2, i) - 16) },
  7: { weights: 32, bytes: 24, weight: (b, i) => half(b, 0) * (nibble(b, 8, i) + 16 * bit(b, 4, i)) + half(b, 2) },
  8: { weights: 32, bytes: 34, weight: (b, i) => half(b, 0) * b.getInt8(2 + i) },
  12: {
    weights: 256,
    bytes: 144,
    weight(b, i) {
      const block = Math.floor(i / 32);
      return half(b, 0) * six(b, block, false) * nibbleOf256(b, 16, i) - half(b, 2) * six(b, block, true);
    },
  },
  13: {
    weights: 256,
    bytes: 176,
    weight(b, i) {
      const block = Math.floor(i / 32);
      const fifth = Math.floor(b.getUint8(16 + (i % 32)) / 2 ** block) % 2;
      return (
        half(b, 0) * six(b, block, false) * (nibbleOf256(b, 48, i) + 16 * fifth) - half(b, 2) * six(b, block, true)
      );
    },
  },
  14: {
    weights: 256,
    bytes: 210,
    weight(b, i) {
      const [part, within] = [Math.floor(i / 128), i % 128];
      const low = b.getUint8(64 * part + (within % 64));
      const high = b.getUint8(128 + 32 * part + (within % 32));
      const integer =
        (within < 64 ? low % 16 : Math.floor(low / 16)) + 16 * (Math.floor(high / 4 ** Math.floor(within / 32)) % 4);
      return half(b, 208) * b.getInt8(192 + Math.floor(i / 16)) * (integer - 32);
    },
  },
};

/** IEEE 754 binary16. */
function half(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const [sign, exponent, fraction] = [bits >> 15, (bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction
          ? Number.NaN
          : Number.POSITIVE_INFINITY
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return sign ? -size : size;
}
