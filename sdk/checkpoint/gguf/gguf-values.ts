import type { GgufBytes } from './gguf-bytes.ts';
import type { StringTable } from './string-table.ts';

/** A value of the metadata; truths are numbers in arrays, and arrays in arrays, which nothing here needs, are left out. */
export type GgufValue = number | boolean | string | StringTable | Float64Array | undefined;

type ReadNumber = (view: DataView, at: number) => number;

/** By the format's number of a type: bytes, and how they are read. */
const numberTypes: Readonly<Record<number, readonly [bytes: number, read: ReadNumber]>> = {
  0: [1, (view, at) => view.getUint8(at)],
  1: [1, (view, at) => view.getInt8(at)],
  2: [2, (view, at) => view.getUint16(at, true)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [4, (view, at) => view.getUint32(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getFloat32(at, true)],
  7: [1, (view, at) => view.getUint8(at)],
  10: [8, (view, at) => Number(view.getBigUint64(at, true))],
  11: [8, (view, at) => Number(view.getBigInt64(at, true))],
  12: [8, (view, at) => view.getFloat64(at, true)],
};

const truthType = 7;
const stringType = 8;
const arrayType = 9;
// Real files have arrays of numbers and strings; deeper ones would only fill the stack.
const deepest = 4;

/** The value of a metadata key, its type before it. */
export function readValue(bytes: GgufBytes): GgufValue {
  return readOne(bytes.u32(), bytes, 0);
}

function readOne(type: number, bytes: GgufBytes, depth: number): GgufValue {
  if (type === stringType) return bytes.string();
  if (type === arrayType) return readArray(bytes, depth);
  const value = bytes.numbers(1, ...numberType(type, bytes))[0];
  return type === truthType ? value !== 0 : value;
}

function readArray(bytes: GgufBytes, depth: number): GgufValue {
  const type = bytes.u32();
  const count = bytes.u64();
  if (type === stringType) return bytes.strings(count);
  if (type !== arrayType) return bytes.numbers(count, ...numberType(type, bytes));
  if (depth === deepest) throw bytes.bad(`its metadata have arrays in each other, at byte ${bytes.at}`);
  for (let i = 0; i < count; i++) readOne(arrayType, bytes, depth + 1);
  return undefined;
}

function numberType(type: number, bytes: GgufBytes): readonly [bytes: number, read: ReadNumber] {
  if (Object.hasOwn(numberTypes, type)) return numberTypes[type];
  throw bytes.bad(`byte ${bytes.at} begins a value of type ${type}, which GGUF does not have`);
}
